package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A TCP connection to the server that can be cut, half closed, delayed, or fall silent. */
final class Wire implements AutoCloseable {
    private final InetSocketAddress target;
    private final ServerSocket listening;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean silent;
    private volatile long delayNanos;

    Wire(int port) throws IOException {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Cuts some of the connections, one at least; returns how many. */
    int cut(Random random) {
        List<Link> chosen = some(random);
        chosen.forEach(Link::cut);
        return chosen.size();
    }

    /** Ends the answers on some of the connections, while requests still get through; returns how many. */
    int halfClose(Random random) {
        List<Link> chosen = some(random);
        chosen.forEach(Link::halfClose);
        return chosen.size();
    }

    /** Holds everything back for so long; zero ends it. */
    void delay(long millis) {
        delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Lets nothing through in either direction, and closes nothing; what was sent meanwhile arrives afterwards. */
    void silence(boolean on) {
        lock.lock();
        try {
            silent = on;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        return links.size();
    }

    private List<Link> some(Random random) {
        List<Link> all = List.copyOf(links);
        int from = all.isEmpty() ? 0 : random.nextInt(all.size());
        return all.subList(from, all.size());
    }

    private void accept() {
        try {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                start(() -> open(client));
            }
        } catch (IOException closed) {
            links.forEach(Link::cut);
        }
    }

    private void open(Socket client) {
        try {
            Socket server = new Socket();
            server.connect(target);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            Link link = new Link(client, server);
            links.add(link);
            start(() -> link.pump(client, server));
            start(() -> link.pump(server, client));
        } catch (IOException away) {
            close(client);
        }
    }

    private void hold() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = delayNanos;
            while (silent || left > 0) {
                if (silent) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        links.forEach(Link::cut);
        silence(false);
    }

    private final class Link {
        private final Socket client;
        private final Socket server;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void cut() {
            links.remove(this);
            close(client);
            close(server);
        }

        void halfClose() {
            try {
                client.shutdownOutput();
            } catch (IOException closed) {
                cut();
            }
        }

        void pump(Socket from, Socket to) {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    hold();
                    out.write(buffer, 0, n);
                }
                cut();
            } catch (IOException | InterruptedException broken) {
                cut();
            }
        }
    }
}

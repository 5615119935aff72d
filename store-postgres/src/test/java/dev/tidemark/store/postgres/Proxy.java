package dev.tidemark.store.postgres;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A TCP proxy before the server that can refuse, cut, black-hole, and withhold answers. */
final class Proxy implements AutoCloseable {
    private final InetSocketAddress target;
    private final ServerSocket listening;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean refusing;
    private volatile boolean silent;
    private volatile boolean pooling;
    private final AtomicInteger dropped = new AtomicInteger();
    private volatile BooleanSupplier cutBeforeAnswer = () -> false;

    Proxy(String host, int port) throws IOException {
        target = new InetSocketAddress(host, port);
        listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many connections were cut so far. */
    int cuts() {
        return cuts.get();
    }

    /** Cuts every connection. */
    void cut() {
        links.forEach(Link::cut);
    }

    /** Cuts every connection and accepts no more, until told otherwise. */
    void refuse(boolean on) {
        refusing = on;
        if (on) {
            cut();
        }
    }

    /** Swallows everything in both directions, and keeps the connections open. */
    void silence(boolean on) {
        silent = on;
    }

    /** Lets new connections through again, while the present ones stay silent. */
    void silenceOnlyPresent() {
        links.forEach(link -> link.muted = true);
        silent = false;
    }

    /** Takes notifications out of what the server says, and has a number of its own for its process, as proxies do that pool. */
    void actAsPool(boolean on) {
        pooling = on;
    }

    int droppedNotifications() {
        return dropped.get();
    }

    /** Asks before each answer of the server, and cuts the connection in its place when told so. */
    void cutBeforeAnswer(BooleanSupplier condition) {
        cutBeforeAnswer = condition;
    }

    private void accept() {
        try {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                if (refusing) {
                    client.close();
                } else {
                    start(() -> open(client));
                }
            }
        } catch (IOException closed) {
            cut();
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
            if (refusing) {
                link.cut();
            }
            start(() -> link.pump(client, server, false));
            start(() -> link.pump(server, client, true));
        } catch (IOException away) {
            closeQuietly(client);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            throw new java.io.UncheckedIOException(closed);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean muted;
        private boolean greeted;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void cut() {
            if (links.remove(this)) {
                cuts.incrementAndGet();
            }
            closeQuietly(client);
            closeQuietly(server);
        }

        /** Message by message: a type, a length, and so much less four bytes. */
        private void pumpMessages(Socket from, Socket to) throws IOException {
            DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to.getOutputStream()));
            int first = in.read();
            while (first >= 0) {
                if (first == 'N' && !greeted) {
                    out.write(first);
                } else {
                    int length = in.readInt();
                    byte[] body = in.readNBytes(length - 4);
                    if (first == 'A') {
                        dropped.incrementAndGet();
                    } else {
                        out.write(first);
                        out.writeInt(length);
                        out.write(first == 'K' ? disguised(body) : body);
                    }
                }
                greeted = true;
                if (in.available() == 0) {
                    out.flush();
                }
                first = in.read();
            }
        }

        /** A key that begins with the process id; cancelling by it would not work. */
        private byte[] disguised(byte[] key) {
            byte[] own = key.clone();
            own[0] ^= 0x40;
            return own;
        }

        void pump(Socket from, Socket to, boolean answers) {
            byte[] buffer = new byte[1 << 16];
            try {
                if (answers && pooling) {
                    pumpMessages(from, to);
                }
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (answers && cutBeforeAnswer.getAsBoolean()) {
                        break;
                    }
                    if (!silent && !muted) {
                        out.write(buffer, 0, n);
                    }
                }
            } catch (IOException broken) {
                // Either side went away; so does the other.
            } finally {
                cut();
            }
        }
    }
}

package dev.tidemark.store.postgres.socket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets on which the driver hands out a notification as soon as it is there.
 *
 * <p>Before it does, the driver looks for more of them, by a read with a time-out of a millisecond, and again after each one that it
 * finds: every notification comes a millisecond late, and under a steady stream of them none comes at all. Here such a read ends at
 * once when nothing is there.
 *
 * @since 0.1
 */
public final class PromptSocketFactory extends SocketFactory {
    private static final int LOOK_MILLIS = 1;

    /** For the driver. */
    public PromptSocketFactory() {}

    @Override
    public Socket createSocket() {
        return new PromptSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    private static Socket connected(InetSocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
        Socket socket = new PromptSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    private static final class PromptSocket extends Socket {
        private volatile boolean looking;

        @Override
        public synchronized void setSoTimeout(int millis) throws SocketException {
            looking = millis == LOOK_MILLIS;
            super.setSoTimeout(millis);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    look();
                    return super.read();
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    look();
                    return super.read(bytes, offset, length);
                }

                /** Only the first read looks: what has begun, as a record of TLS, is waited for. */
                private void look() throws IOException {
                    if (looking && available() == 0) {
                        throw new SocketTimeoutException("nothing has arrived");
                    }
                    looking = false;
                }
            };
        }
    }
}

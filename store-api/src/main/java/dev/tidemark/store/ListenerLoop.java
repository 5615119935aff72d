package dev.tidemark.store;

import dev.tidemark.codec.CodecException;
import java.time.Duration;
import java.util.Optional;

/** Polls a watch for a listener until it ends. */
final class ListenerLoop<V> implements Runnable {
    private static final Duration TURN = Duration.ofHours(1);

    /** The end of a replay may show while a poll waits, when a fault had hidden it before. */
    private static final Duration TURN_UNTIL_SYNCED = Duration.ofSeconds(1);

    private final Watch<V> watch;
    private final WatchListener<V> listener;
    private boolean syncTold;

    ListenerLoop(Watch<V> watch, WatchListener<V> listener) {
        this.watch = watch;
        this.listener = listener;
    }

    @Override
    public void run() {
        Throwable reason = null;
        try (watch) {
            loop();
        } catch (WatchClosedException ended) {
            reason = ended.getCause();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            reason = interrupt;
        } catch (ListenerFailure thrown) {
            reason = thrown.getCause();
        } catch (RuntimeException | Error failure) {
            reason = failure;
        }
        if (reason == null) {
            listener.onClosed();
        } else {
            listener.onFailed(reason);
        }
    }

    private void loop() throws InterruptedException {
        while (true) {
            if (!syncTold && watch.isSynced()) {
                syncTold = true;
                tell(() -> listener.onSynced(watch.revision()));
            }
            try {
                Optional<Change<V>> change = watch.poll(syncTold ? TURN : TURN_UNTIL_SYNCED);
                tell(() -> change.ifPresent(listener::onChange));
            } catch (CodecException failure) {
                tell(() -> listener.onUndecodable(failure));
            }
        }
    }

    /** What the listener throws must not be taken for something that the watch threw. */
    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error thrown) {
            throw new ListenerFailure(thrown);
        }
    }

    private static final class ListenerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerFailure(Throwable cause) {
            super(cause);
        }
    }
}

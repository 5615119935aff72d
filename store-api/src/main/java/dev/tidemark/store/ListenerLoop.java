package dev.tidemark.store;

import dev.tidemark.codec.CodecException;
import java.time.Duration;
import java.util.Optional;

/** Polls a watch for a listener until it ends. */
final class ListenerLoop<V> implements Runnable {
    private static final Duration TURN = Duration.ofHours(1);

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
                listener.onSynced(watch.revision());
            }
            try {
                Optional<Change<V>> change = watch.poll(TURN);
                change.ifPresent(listener::onChange);
            } catch (CodecException failure) {
                listener.onUndecodable(failure);
            }
        }
    }
}

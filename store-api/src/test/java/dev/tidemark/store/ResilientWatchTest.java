package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What happens when the new watch can't be had at once. */
class ResilientWatchTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A store whose first watch overflows, and whose further ones are what the test says. */
    private static final class Script implements WatchableStore<String> {
        final Queue<RuntimeException> failures = new ArrayDeque<>();
        final List<ScriptedWatch> opened = new ArrayList<>();

        @Override
        public Watch<String> watch(WatchOptions options) {
            if (!opened.isEmpty() && !failures.isEmpty()) {
                throw failures.remove();
            }
            ScriptedWatch watch = new ScriptedWatch(opened.isEmpty());
            opened.add(watch);
            return watch;
        }
    }

    private static final class ScriptedWatch implements Watch<String> {
        private final boolean overflows;
        private boolean closed;

        ScriptedWatch(boolean overflows) {
            this.overflows = overflows;
        }

        @Override
        public Optional<Change<String>> poll(Duration timeout) {
            if (overflows) {
                throw new WatchOverflowException(1, 7);
            }
            return Optional.empty();
        }

        @Override
        public boolean isSynced() {
            return true;
        }

        @Override
        public long revision() {
            return 7;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void aPassingFaultWhileAttachingAnewIsWaitedOut() throws InterruptedException {
        Script store = new Script();
        store.failures.add(new StoreUnavailableException("away"));
        store.failures.add(new StoreTimeoutException("an answer", Duration.ofSeconds(1)));
        Watch<String> watch = Watches.resilient(store, WatchOptions.defaults(), revision -> {});
        assertThat(watch.poll(PATIENCE)).isEmpty();
        assertThat(store.opened).hasSize(2);
        assertThat(store.failures).isEmpty();
    }

    @Test
    void aPollWithoutPatienceComesBackAndTheNextGoesOn() throws InterruptedException {
        Script store = new Script();
        store.failures.add(new StoreUnavailableException("away"));
        Watch<String> watch = Watches.resilient(store, WatchOptions.defaults(), revision -> {});
        assertThat(watch.poll(Duration.ZERO)).isEmpty();
        assertThat(store.opened).hasSize(1);
        assertThat(watch.poll(Duration.ZERO)).isEmpty();
        assertThat(store.opened).hasSize(2);
    }

    @Test
    void k11_anInterruptWhileAttachingAnewIsThatOfAPoll() throws InterruptedException {
        Script store = new Script();
        store.failures.add(new StoreInterruptedException("interrupted while attaching", null));
        Watch<String> watch = Watches.resilient(store, WatchOptions.defaults(), revision -> {});
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> watch.poll(PATIENCE)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(watch.poll(PATIENCE)).isEmpty();
        assertThat(store.opened).hasSize(2);
    }

    @Test
    void whatTheConsumerThrowsLeavesNoWatchOpen() {
        Script store = new Script();
        store.failures.add(new HistoryCompactedException(7, 9));
        Watch<String> watch = Watches.resilient(store, WatchOptions.defaults(), revision -> {
            throw new IllegalStateException("not now");
        });
        assertThatThrownBy(() -> watch.poll(PATIENCE)).hasMessage("not now");
        assertThat(store.opened).hasSize(2);
        assertThat(store.opened.get(1).closed).isTrue();
    }
}

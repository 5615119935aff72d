package dev.tidemark.store.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.WatchOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A replay that loses its snapshots, at any two reads of them, while others write: it ends with the state at one revision. */
class MendedReplayTest {
    private static final int MANY = WatchHub.PAGE + 3;

    /** Every kind sorts before the next, and their keys likewise. */
    private final Map<String, Committed<String>> state = new TreeMap<>();

    private final List<Committed<String>> changes = new ArrayList<>();
    private final Changes history = new Changes();
    private final Set<Integer> failing = new TreeSet<>();
    private int reads;
    private int open;

    @Test
    void w2_lostSnapshotsLeaveNothingOutAndNothingOpen() {
        int most = replayed();
        assertThat(most).as("reads of an unbroken replay").isEqualTo(4);
        for (int first = 0; first < most; first++) {
            for (int second = first + 1; second <= first + 3; second++) {
                failing.clear();
                Collections.addAll(failing, first, second);
                replayed();
            }
        }
    }

    /** Replays, compares, and returns how often something was read. */
    private int replayed() {
        state.clear();
        changes.clear();
        for (int i = 0; i < MANY; i++) {
            write(Change.Type.CREATED, "b", "%05d".formatted(i));
        }
        write(Change.Type.CREATED, "c", "to be deleted");
        write(Change.Type.CREATED, "d", "to stay");
        reads = -2;
        open = 0;
        Map<String, String> seen = new TreeMap<>();
        Backlog<String> backlog = Backlog.ofReplay(
                new Moment(), history, new ChangeFilter(WatchOptions.defaults().withInitialReplay()));
        while (!backlog.isSynced() || backlog.hasNext()) {
            boolean read = backlog.hasNext() || tryRead(backlog);
            if (read && backlog.hasNext()) {
                Committed<String> change = backlog.next().change();
                if (change.type() == Change.Type.DELETED) {
                    seen.remove(nameOf(change));
                } else {
                    seen.put(nameOf(change), change.value());
                }
            }
        }
        assertThat(seen).as("state after failures at %s", failing).isEqualTo(stateAt(backlog.delivered()));
        assertThat(open).as("open snapshots after failures at %s", failing).isZero();
        return reads;
    }

    private boolean tryRead(Backlog<String> backlog) {
        try {
            backlog.read();
            return true;
        } catch (StoreUnavailableException passing) {
            return false;
        }
    }

    /** What others write while a successor is opened: before the place that was reached, at it, and behind it. */
    private void writeEverywhere() {
        int turn = changes.size();
        write(Change.Type.CREATED, "a", "new " + turn);
        write(Change.Type.UPDATED, "b", "00000");
        write(Change.Type.UPDATED, "b", "%05d".formatted(MANY - 1));
        if (state.containsKey("c/to be deleted")) {
            write(Change.Type.DELETED, "c", "to be deleted");
        }
        write(Change.Type.CREATED, "cc", "new " + turn);
        write(Change.Type.CREATED, "e", "new " + turn);
    }

    private void write(Change.Type type, String kind, String key) {
        long revision = changes.size() + 1L;
        Committed<String> change =
                Committed.of(type, kind, key, "value " + revision, revision, revision, Instant.EPOCH);
        changes.add(change);
        apply(state, change);
    }

    private static void apply(Map<String, Committed<String>> state, Committed<String> change) {
        if (change.type() == Change.Type.DELETED) {
            state.remove(nameOf(change));
        } else {
            state.put(nameOf(change), change);
        }
    }

    private Map<String, String> stateAt(long revision) {
        Map<String, Committed<String>> then = new TreeMap<>();
        changes.stream().filter(change -> change.revision() <= revision).forEach(change -> apply(then, change));
        Map<String, String> values = new TreeMap<>();
        then.forEach((name, change) -> values.put(name, change.value()));
        return values;
    }

    private static String nameOf(Committed<String> change) {
        return change.kind() + "/" + change.key();
    }

    private final class Changes implements History<String> {
        @Override
        public long newest() {
            return changes.size();
        }

        @Override
        public History.Page<String> after(long revision, int limit) {
            int end = (int) Math.min(changes.size(), revision + limit);
            return new History.Page<>(List.copyOf(changes.subList((int) revision, end)), end == changes.size());
        }
    }

    /** Lost with the first read that fails, as a transaction is. */
    private final class Moment implements ReplayedOnly<String> {
        private final Map<String, Committed<String>> entries = new TreeMap<>(state);
        private final long revision = changes.size();
        private boolean closed;
        private boolean lost;

        Moment() {
            read("opened");
            open++;
        }

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public List<String> kinds() {
            mayRead();
            return entries.values().stream().map(Committed::kind).distinct().toList();
        }

        @Override
        public EngineSnapshot.Page<String> page(String kind, KeyRange range, int limit) {
            mayRead();
            List<Stored<String>> page = entries.values().stream()
                    .filter(entry -> entry.kind().equals(kind) && range.contains(entry.key()))
                    .limit(limit)
                    .map(entry ->
                            Stored.of(kind, entry.key(), entry.value(), entry.version(), entry.revision(), entry.at()))
                    .toList();
            return new EngineSnapshot.Page<>(page, page.size() < limit);
        }

        @Override
        public @Nullable Moment successor() {
            assertThat(closed).as("asked after it was closed").isFalse();
            if (!lost) {
                return null;
            }
            writeEverywhere();
            Moment successor = new Moment();
            close();
            return successor;
        }

        @Override
        public void close() {
            open -= closed ? 0 : 1;
            closed = true;
        }

        private void mayRead() {
            assertThat(closed).as("read after it was closed").isFalse();
            assertThat(lost).as("read after it was lost").isFalse();
            lost = true;
            read("read");
            lost = false;
        }

        /** Counted from the first page on: a watch that fails before is not opened. */
        private void read(String what) {
            if (failing.contains(reads++)) {
                throw new StoreUnavailableException("can't be " + what + ": made on purpose");
            }
        }
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What several threads did to one key, to be checked for linearizability. Thread safe while recording.
 *
 * <p>The order in which the writes took effect need not be guessed: it is that of the revisions, so each successful write has its
 * place, its written value being unique. A read has its place among them too, behind the write of what it read; only where it
 * found nothing may several places do, and then the first one not ruled out is the one that rules out least. The history is
 * linearizable if no operation has a place before that of one that had returned when it was invoked.
 */
final class KeyHistory {

    /** An operation: {@code value} is what it wrote, deleted or read; null when it read, or wanted to delete, nothing. */
    private record Operation(
            String name, boolean write, @Nullable Sample value, long invoked, long returned) {}

    private record Placed(Operation operation, int place) {}

    private static final AtomicLong CLOCK = new AtomicLong();

    private final String key;
    private final List<Operation> operations = new ArrayList<>();

    KeyHistory(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** A moment: larger than every earlier one, in all threads. */
    static long now() {
        return CLOCK.incrementAndGet();
    }

    /** Records a read that returned {@code value}. */
    void read(long invoked, @Nullable Sample value) {
        add(new Operation("read", false, value, invoked, now()));
    }

    /** Records a write of {@code value}, a value that nothing else writes. */
    void wrote(long invoked, Sample value) {
        add(new Operation("write", true, value, invoked, now()));
    }

    /** Records a delete that returned {@code value}. */
    void deleted(long invoked, @Nullable Sample value) {
        add(new Operation("delete", value != null, value, invoked, now()));
    }

    private synchronized void add(Operation operation) {
        operations.add(operation);
    }

    synchronized int size() {
        return operations.size();
    }

    /** Fails unless the operations can have taken effect in the order of {@code changes}, those of the key, oldest first. */
    synchronized void assertLinearizable(List<Change<Sample>> changes) {
        List<Placed> placed = new ArrayList<>();
        List<Operation> inOrder = new ArrayList<>(operations);
        inOrder.sort(Comparator.comparingLong(Operation::invoked));
        for (Operation operation : inOrder) {
            int earliest = 0;
            for (Placed earlier : placed) {
                if (earlier.operation.returned < operation.invoked) {
                    earliest = Math.max(earliest, earlier.place + (operation.write ? 1 : 0));
                }
            }
            int place = place(operation, changes, earliest);
            assertThat(place)
                    .as("%s, of which nothing before change %d may be visible, in %s", operation, earliest, changes)
                    .isGreaterThanOrEqualTo(earliest);
            placed.add(new Placed(operation, place));
        }
    }

    /** The number of changes that had happened: with its own, for a write. */
    private static int place(Operation operation, List<Change<Sample>> changes, int earliest) {
        Sample value = operation.value;
        if (value == null) {
            for (int i = earliest; i <= changes.size(); i++) {
                if (i == 0 || changes.get(i - 1).type() == Change.Type.DELETED) {
                    return i;
                }
            }
            return -1;
        }
        boolean deletes = operation.name.equals("delete");
        for (int i = 1; i <= changes.size(); i++) {
            Change<Sample> change = changes.get(i - 1);
            if (change.value().equals(value) && deletes == (change.type() == Change.Type.DELETED)) {
                return i;
            }
        }
        return -1;
    }
}

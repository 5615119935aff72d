package dev.tidemark.store.inmemory;

import dev.tidemark.store.spi.Names;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a kind: by hash for single keys, in order for listings. Changed by one thread at a time, read by any without a lock.
 *
 * <p>What a look-up takes is the memory it touches, so the slots of the hash table hold the cells themselves, and a cell that finds its
 * slot taken goes to one of the next. Only to one of a few: keys that collide in great numbers are looked for in order.
 */
final class Kind {
    private static final int REACH = 16;

    /** In the place of a cell that was removed; no key is empty. */
    private static final Cell REMOVED = new Cell("", "");

    private final NavigableMap<String, Cell> inOrder = new ConcurrentSkipListMap<>(Names.ORDER);
    private volatile AtomicReferenceArray<@Nullable Cell> slots = new AtomicReferenceArray<>(REACH);

    /** Slots that hold a cell, or one that was removed; those make way when there are too many. */
    private int taken;

    private int size;

    /** What a cell keeps of its key, so that those of other keys need not be looked at. */
    static int hash(String key) {
        int mixed = key.hashCode() * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }

    @Nullable
    Cell find(String key) {
        AtomicReferenceArray<@Nullable Cell> slots = this.slots;
        int hash = hash(key);
        for (int step = 0; step < REACH; step++) {
            Cell cell = slots.getAcquire(index(hash, step, slots));
            if (cell == null) {
                return null;
            }
            if (cell.hash == hash && cell.key.equals(key)) {
                return cell;
            }
        }
        return inOrder.get(key);
    }

    /** The cells in order, those of keys that were deleted or not committed yet included. */
    NavigableMap<String, Cell> inOrder() {
        return inOrder;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds a cell, if its key has none. */
    void add(Cell cell) {
        if (inOrder.putIfAbsent(cell.key, cell) == null) {
            size++;
            place(cell, slots);
            if (taken > slots.length() / 2) {
                rebuild();
            }
        }
    }

    void remove(Cell cell) {
        if (inOrder.remove(cell.key, cell)) {
            size--;
            boolean found = false;
            for (int step = 0; step < REACH && !found; step++) {
                found = slots.compareAndSet(index(cell.hash, step, slots), cell, REMOVED);
            }
        }
    }

    private void rebuild() {
        AtomicReferenceArray<@Nullable Cell> next = new AtomicReferenceArray<>(lengthFor(size));
        taken = 0;
        inOrder.values().forEach(cell -> place(cell, next));
        slots = next;
    }

    /** A power of two, between three and six times as many. */
    private static int lengthFor(int cells) {
        return Math.max(REACH, 2 * Integer.highestOneBit(3 * cells - 1));
    }

    private void place(Cell cell, AtomicReferenceArray<@Nullable Cell> slots) {
        for (int step = 0; step < REACH; step++) {
            int index = index(cell.hash, step, slots);
            Cell present = slots.getPlain(index);
            if (present == null || present == REMOVED) {
                slots.setRelease(index, cell);
                taken += present == null ? 1 : 0;
                return;
            }
        }
    }

    private static int index(int hash, int step, AtomicReferenceArray<?> slots) {
        return hash + step & slots.length() - 1;
    }
}

package dev.tidemark.store.inmemory;

import dev.tidemark.store.spi.Names;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The cells of a namespace. Changed by one thread at a time, read by any. */
final class Cells {

    /** The cells of a kind: by hash for single keys, in order for listings. */
    private static final class Kind {
        final ConcurrentMap<String, Cell> byKey = new ConcurrentHashMap<>();
        final ConcurrentNavigableMap<String, Cell> inOrder = new ConcurrentSkipListMap<>(Names.ORDER);
    }

    private final ConcurrentMap<String, Kind> kinds = new ConcurrentHashMap<>();

    @Nullable
    Cell find(String kind, String key) {
        Kind cells = kinds.get(kind);
        return cells == null ? null : cells.byKey.get(key);
    }

    /** The kinds in no order, those without a key included. */
    Set<String> kinds() {
        return kinds.keySet();
    }

    /** The cells of a kind in order, those of keys that were deleted or not committed yet included. */
    NavigableMap<String, Cell> inOrder(String kind) {
        Kind cells = kinds.get(kind);
        return cells == null ? Collections.emptyNavigableMap() : cells.inOrder;
    }

    /** Adds a cell, if it isn't there yet. */
    void add(Cell cell) {
        Kind cells = kinds.computeIfAbsent(cell.kind, absent -> new Kind());
        if (cells.byKey.putIfAbsent(cell.key, cell) == null) {
            cells.inOrder.put(cell.key, cell);
        }
    }

    void remove(Cell cell) {
        Kind cells = kinds.get(cell.kind);
        if (cells != null && cells.byKey.remove(cell.key, cell)) {
            cells.inOrder.remove(cell.key, cell);
            if (cells.byKey.isEmpty()) {
                kinds.remove(cell.kind);
            }
        }
    }
}

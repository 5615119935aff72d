package dev.tidemark.store.inmemory;

import dev.tidemark.store.spi.Names;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The cells of a namespace. Changed by one thread at a time, read by any. */
final class Cells {
    /** In the order of keys, which views of a part of it are checked by. */
    private static final NavigableMap<String, Cell> NONE =
            Collections.unmodifiableNavigableMap(new TreeMap<>(Names.ORDER));

    private final ConcurrentMap<String, Kind> kinds = new ConcurrentHashMap<>();

    @Nullable
    Cell find(String kind, String key) {
        Kind cells = kinds.get(kind);
        return cells == null ? null : cells.find(key);
    }

    /** The kinds in no order, those without a key included. */
    Set<String> kinds() {
        return kinds.keySet();
    }

    /** The cells of a kind in order, those of keys that were deleted or not committed yet included. */
    NavigableMap<String, Cell> inOrder(String kind) {
        Kind cells = kinds.get(kind);
        return cells == null ? NONE : cells.inOrder();
    }

    /** Adds a cell, if it isn't there yet. */
    void add(Cell cell) {
        kinds.computeIfAbsent(cell.kind, absent -> new Kind()).add(cell);
    }

    void remove(Cell cell) {
        Kind cells = kinds.get(cell.kind);
        if (cells != null) {
            cells.remove(cell);
            if (cells.isEmpty()) {
                kinds.remove(cell.kind);
            }
        }
    }
}

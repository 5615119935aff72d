package dev.tidemark.event;

import dev.tidemark.store.spi.Names;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The rules of metadata: text without NUL and unpaired surrogates, which not every database could keep. */
final class Metadata {
    private Metadata() {}

    static SortedMap<String, String> copyOf(Map<String, String> metadata) {
        SortedMap<String, String> copy = new TreeMap<>(Names.ORDER);
        metadata.forEach((key, value) -> copy.put(check("metadata key", key), check("metadata value", value)));
        return Collections.unmodifiableSortedMap(copy);
    }

    private static String check(String what, String text) {
        if (text == null) {
            throw new NullPointerException(what + " must not be null");
        }
        return Names.checkBound(what, text);
    }
}

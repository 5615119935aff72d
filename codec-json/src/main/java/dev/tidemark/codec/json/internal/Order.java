package dev.tidemark.codec.json.internal;

import dev.tidemark.store.spi.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The order of the elements of a set or the keys of a map. It depends on nothing but the elements: their natural order if
 * they are of one class, comparable, and no two of them tie; the order of their text otherwise.
 */
final class Order {
    private Order() {}

    /** How an element is written. */
    interface Text {
        String of(Object element) throws IOException;
    }

    static Comparator<Object> of(Collection<?> elements, Text text) throws IOException {
        Class<?> type = commonType(elements);
        if (type == String.class) {
            return (a, b) -> Names.ORDER.compare((String) a, (String) b);
        }
        if (type != null && Comparable.class.isAssignableFrom(type) && !ties(elements)) {
            return Order::compare;
        }
        return byText(elements, text);
    }

    private static Comparator<Object> byText(Collection<?> elements, Text text) throws IOException {
        IdentityHashMap<Object, String> texts = new IdentityHashMap<>();
        for (Object element : elements) {
            texts.put(element, text.of(element));
        }
        return Comparator.comparing(element -> Objects.requireNonNull(texts.get(element)), Names.ORDER);
    }

    private static @Nullable Class<?> commonType(Collection<?> elements) {
        Class<?> common = null;
        for (Object element : elements) {
            Class<?> type = typeOf(element);
            if (type == null || (common != null && type != common)) {
                return null;
            }
            common = type;
        }
        return common;
    }

    private static @Nullable Class<?> typeOf(@Nullable Object element) {
        if (element instanceof Enum<?> constant) {
            return constant.getDeclaringClass();
        }
        return element == null ? null : element.getClass();
    }

    private static boolean ties(Collection<?> elements) {
        List<Object> sorted = new ArrayList<>(elements);
        sorted.sort(Order::compare);
        for (int i = 1; i < sorted.size(); i++) {
            if (compare(sorted.get(i - 1), sorted.get(i)) == 0) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }
}

package dev.tidemark.store.spi;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The rules of kinds and keys, and their order: Unicode code points, which is the order of their UTF-8 bytes. (That of
 * {@link String#compareTo} differs where surrogates are involved.)
 *
 * @since 0.1
 */
public final class Names {
    /** The longest kind, in bytes of UTF-8. */
    public static final int MAX_KIND_BYTES = 255;

    /** The longest key, in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 1024;

    /** Code point order. */
    public static final Comparator<String> ORDER = Names::compare;

    private Names() {}

    /** Returns {@code kind} if it is valid, and throws {@link IllegalArgumentException} saying which rule it breaks if not. */
    public static String checkKind(String kind) {
        return check("kind", kind, MAX_KIND_BYTES);
    }

    /** Returns {@code key} if it is valid, and throws {@link IllegalArgumentException} saying which rule it breaks if not. */
    public static String checkKey(String key) {
        return check("key", key, MAX_KEY_BYTES);
    }

    /** Checks a prefix or the end of a range: any length, but no NUL and no unpaired surrogate. */
    public static String checkBound(String what, String bound) {
        utf8Length(what, bound);
        return bound;
    }

    /** Returns the smallest string above all strings that start with {@code prefix}, or null when there is none. */
    public static @Nullable String endOfPrefix(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return prefix.substring(0, end) + Character.toString(next);
            }
        }
        return null;
    }

    private static String check(String what, String name, int maxBytes) {
        if (!isPlain(name, maxBytes)) {
            checkClosely(what, name, maxBytes);
        }
        return name;
    }

    /** Whether a name is good for being short and ASCII, as nearly all are; small, so that it is compiled into every get and set. */
    private static boolean isPlain(String name, int maxBytes) {
        if (name == null || name.isEmpty() || name.length() > maxBytes) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == 0 || c >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static void checkClosely(String what, String name, int maxBytes) {
        if (name == null) {
            throw new NullPointerException(what + " must not be null");
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        long bytes = utf8Length(what, name);
        if (bytes > maxBytes) {
            throw new IllegalArgumentException(
                    what + " must have at most " + maxBytes + " bytes of UTF-8, but has " + bytes);
        }
    }

    private static long utf8Length(String what, String name) {
        long bytes = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException(what + " must not contain NUL, but does at index " + i);
            }
            if (!Character.isSurrogate(c)) {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            } else if (i + 1 < name.length() && Character.isSurrogatePair(c, name.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new IllegalArgumentException(
                        what + " must not contain an unpaired surrogate, but does at index " + i);
            }
        }
        return bytes;
    }

    private static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean bothAlike = Character.isSurrogate(x) == Character.isSurrogate(y);
                return bothAlike ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}

package dev.tidemark.benchmarks.harness;

import dev.tidemark.codec.Codec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What all rows write: values of 100 random bytes, at keys of one kind, as they are. */
public final class Data {
    /** The kind. */
    public static final String KIND = "kind";

    /** How many keys there are, unless a row says otherwise. */
    public static final int KEYS = 10_000;

    /** The size of a value. */
    public static final int VALUE_BYTES = 100;

    /** Bytes as they are, so that no codec is measured. */
    public static final Codec<byte[]> CODEC = new Codec<>() {
        @Override
        public byte[] encode(byte[] value) {
            return value;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    };

    private Data() {}

    /** Some key among the usual ones. */
    public static String key(SplittableRandom random) {
        return key(random.nextInt(KEYS));
    }

    /** The key of that number. */
    public static String key(int number) {
        return "key-" + number;
    }

    /** A new value. */
    public static byte[] value(SplittableRandom random) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return value;
    }

    /** Refuses what can't be one of these values; a read that nobody looks at might be no read. */
    public static void check(byte @Nullable [] value) {
        if (value == null || value.length != VALUE_BYTES) {
            throw new IllegalStateException("what was read is not what was written");
        }
    }

    /** So many entries with new values, from key 0 on. */
    public static Map<String, byte[]> entries(int number, SplittableRandom random) {
        Map<String, byte[]> entries = new LinkedHashMap<>(2 * number);
        for (int i = 0; i < number; i++) {
            entries.put(key(i), value(random));
        }
        return entries;
    }
}

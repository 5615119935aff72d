package dev.tidemark.store.inmemory;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.store.spi.Representation;
import java.util.Arrays;
import java.util.Objects;

/** The two ways in which a value is kept in memory. */
final class Representations {
    private Representations() {}

    static <V> Representation<V, Object> asGiven() {
        return new AsGiven<>();
    }

    static <V> Representation<V, Object> encoded(Codec<V> codec) {
        return new Encoded<>(Objects.requireNonNull(codec, "codec"));
    }

    /** Bytes that a codec made, told apart from a value that is a byte array. */
    private static final class Bytes {
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private record AsGiven<V>() implements Representation<V, Object> {
        @Override
        public Object toStored(V value) {
            return value;
        }

        @Override
        @SuppressWarnings("unchecked") // one kind holds values of one type: that of the stores that write it
        public V toValue(Object stored) {
            if (stored instanceof Bytes) {
                throw new CodecException("the value was written through a codec; read it through that codec");
            }
            return (V) stored;
        }

        @Override
        public long sizeOf(Object stored) {
            return 0;
        }
    }

    private record Encoded<V>(Codec<V> codec) implements Representation<V, Object> {
        @Override
        public Object toStored(V value) {
            return new Bytes(Objects.requireNonNull(codec.encode(value), "the codec returned null"));
        }

        @Override
        public V toValue(Object stored) {
            return codec.decode(bytes(stored).bytes.clone());
        }

        @Override
        public long sizeOf(Object stored) {
            return bytes(stored).bytes.length;
        }

        private static Bytes bytes(Object stored) {
            if (stored instanceof Bytes bytes) {
                return bytes;
            }
            throw new CodecException("the value was written as given, without a codec; read it the same way");
        }
    }
}

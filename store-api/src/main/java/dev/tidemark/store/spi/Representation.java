package dev.tidemark.store.spi;

import dev.tidemark.codec.Codec;
import java.util.Objects;

/**
 * How values of a type are represented in an engine.
 *
 * @param <V> the type of the values
 * @param <R> the stored representation
 * @since 0.1
 */
public interface Representation<V, R> {

    /** The representation of bytes: what the codec makes of a value. */
    static <V> Representation<V, byte[]> of(Codec<V> codec) {
        return new Encoded<>(Objects.requireNonNull(codec, "codec"));
    }

    /** Returns what to store for {@code value}. */
    R toStored(V value);

    /** Returns the value that {@code stored} stands for. */
    V toValue(R stored);

    /** The size of a stored value in bytes; 0 when it has none. */
    long sizeOf(R stored);
}

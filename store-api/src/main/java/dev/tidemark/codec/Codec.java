package dev.tidemark.codec;

/**
 * Turns values into bytes and back.
 *
 * <p>Equal values must encode to equal bytes: a store compares encoded bytes to decide whether a write changes anything, so
 * maps and sets have to be written in a fixed order. Implementations are thread safe, keep no reference to the arrays they are
 * given or return, and do not block.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface Codec<V> {

    /**
     * Returns the bytes of {@code value}; the caller owns the array.
     *
     * @throws CodecException if the value can't be encoded, or could not be decoded again
     */
    byte[] encode(V value);

    /**
     * Returns the value that {@code bytes} stand for, never null.
     *
     * @throws CodecException if the bytes are no valid encoding of a value
     */
    V decode(byte[] bytes);

    /**
     * The media type of the encoded bytes, {@code application/octet-stream} unless the codec knows better. A backend may store
     * {@code application/json} in a column that the database understands.
     */
    default String mediaType() {
        return "application/octet-stream";
    }
}

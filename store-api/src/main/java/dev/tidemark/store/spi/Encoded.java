package dev.tidemark.store.spi;

import dev.tidemark.codec.Codec;
import java.util.Objects;

record Encoded<V>(Codec<V> codec) implements Representation<V, byte[]> {
    @Override
    public byte[] toStored(V value) {
        return Objects.requireNonNull(codec.encode(value), "the codec returned null");
    }

    @Override
    public V toValue(byte[] stored) {
        return codec.decode(stored);
    }

    @Override
    public long sizeOf(byte[] stored) {
        return stored.length;
    }
}

package dev.tidemark.store.inmemory;

import dev.tidemark.codec.Codec;
import java.nio.charset.StandardCharsets;

/** Texts as UTF-8. */
final class Texts implements Codec<String> {
    static final Codec<String> TEXT = new Texts();

    private Texts() {}

    @Override
    public byte[] encode(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.codec.Codec;
import java.nio.charset.StandardCharsets;

/** Strings as UTF-8. */
final class TextCodec implements Codec<String> {
    static final TextCodec TEXT = new TextCodec();

    private TextCodec() {}

    @Override
    public byte[] encode(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

package dev.tidemark.store.postgres.chaos;

import dev.tidemark.codec.Codec;
import java.nio.charset.StandardCharsets;

/**
 * The values: {@code token:count}. No token is ever written by two calls, so a value tells which call wrote it; the count says how
 * often the value was updated since it was last set.
 */
final class Text implements Codec<String> {
    static final Text CODEC = new Text();

    private Text() {}

    static String value(String token, long count) {
        return token + ":" + count;
    }

    static String token(String value) {
        return value.substring(0, value.indexOf(':'));
    }

    static long count(String value) {
        return Long.parseLong(value.substring(value.indexOf(':') + 1));
    }

    @Override
    public byte[] encode(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

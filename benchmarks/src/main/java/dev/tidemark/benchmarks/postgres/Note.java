package dev.tidemark.benchmarks.postgres;

import dev.tidemark.codec.Codec;
import java.nio.charset.StandardCharsets;

/**
 * The data of all events. It is JSON already, so that no codec is measured.
 *
 * @param json as it is stored
 */
record Note(String json) {
    static final String NAME = "noted";
    static final String AGGREGATE = "notebook";
    private static final String TEXT = "x".repeat(80);

    static final Codec<Note> CODEC = new Codec<>() {
        @Override
        public byte[] encode(Note note) {
            return note.json().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Note decode(byte[] bytes) {
            return new Note(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public String mediaType() {
            return "application/json";
        }
    };

    static Note of(int number) {
        return new Note("{\"text\": \"" + TEXT + "\", \"number\": " + number + "}");
    }
}

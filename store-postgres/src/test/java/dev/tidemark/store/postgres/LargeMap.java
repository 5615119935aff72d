package dev.tidemark.store.postgres;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Store;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A process that writes a map which takes half of its small heap. */
final class LargeMap {
    static final int ENTRIES = 28_000;

    private static final int BYTES = 1_000;

    private LargeMap() {}

    /** The argument is a URI. Prints how many entries there are then. */
    public static void main(String[] arguments) {
        try (PostgresBackend backend =
                PostgresBackend.open(PostgresOptions.of(arguments[0]).withTimeout(Duration.ofMinutes(1)))) {
            Store<byte[]> store = backend.store(new Plain());
            Map<String, byte[]> map = new TreeMap<>();
            for (int i = 0; i < ENTRIES; i++) {
                map.put("key" + i, ByteBuffer.allocate(BYTES).putInt(i).array());
            }
            store.setAll("large", map);
            System.out.println(store.count("large"));
        }
    }

    /** Holds no value twice. */
    private static final class Plain implements Codec<byte[]> {
        @Override
        public byte[] encode(byte[] value) {
            return value;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    }
}

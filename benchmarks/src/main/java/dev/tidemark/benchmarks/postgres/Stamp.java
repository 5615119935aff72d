package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Data;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Values that carry a number, and the clock that all processes of a machine share. */
final class Stamp {
    private Stamp() {}

    /** Differs from what tables are filled with, zeroes, for every number. */
    static byte[] value(int number) {
        return ByteBuffer.allocate(Data.VALUE_BYTES).putInt(number).putInt(1).array();
    }

    static int number(byte[] value) {
        return ByteBuffer.wrap(value).getInt();
    }

    static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}

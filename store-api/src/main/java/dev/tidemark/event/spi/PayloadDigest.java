package dev.tidemark.event.spi;

import dev.tidemark.event.AggregateId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/** What two writes of one append id have to have in common: aggregates, versions that were given, names and data. */
final class PayloadDigest {
    private final MessageDigest digest = sha256();

    private PayloadDigest() {}

    static byte[] of(List<NewEvent> events) {
        PayloadDigest payload = new PayloadDigest();
        events.forEach(payload::add);
        return payload.digest.digest();
    }

    private void add(NewEvent event) {
        AggregateId aggregate = event.aggregate();
        add(aggregate == null ? "" : aggregate.name());
        UUID id = aggregate == null ? new UUID(0, 0) : aggregate.id();
        digest.update(ByteBuffer.allocate(Long.BYTES * 2 + Integer.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(event.version())
                .flip());
        add(event.name());
        add(event.data());
    }

    private void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With its length, so that no two lists of parts are alike. */
    private void add(byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        digest.update(part);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

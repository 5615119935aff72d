package dev.tidemark.event.spi;

import dev.tidemark.event.AppendIdReusedException;
import java.security.MessageDigest;

/**
 * What makes a write idempotent. An engine keeps it with the ids of the events that were written, in the same transaction, for good.
 *
 * @param id the append id
 * @param digest stands for the payload: 32 bytes
 * @since 0.1
 */
@SuppressWarnings("ArrayRecordComponent") // compared by check alone
public record AppendKey(String id, byte[] digest) {

    /**
     * Checks that an earlier write with this id had the same payload.
     *
     * @param recorded the digest that was kept with the id
     * @throws AppendIdReusedException if it had not
     */
    public void check(byte[] recorded) {
        if (!MessageDigest.isEqual(digest, recorded)) {
            throw new AppendIdReusedException(id);
        }
    }
}

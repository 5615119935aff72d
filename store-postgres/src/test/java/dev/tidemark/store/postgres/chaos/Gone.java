package dev.tidemark.store.postgres.chaos;

/**
 * A change that was deleted from the history.
 *
 * @param age in seconds, when it went
 * @param kept how many changes of its namespace were left then
 * @param compaction the transaction that deleted it
 */
record Gone(long revision, long age, long kept, long compaction) {
    boolean wasOld() {
        boolean many = kept >= Options.RETAINED && age >= Options.GRACE.toSeconds();
        return many || age >= Options.RETENTION.toSeconds();
    }
}

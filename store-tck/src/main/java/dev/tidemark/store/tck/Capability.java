package dev.tidemark.store.tck;

/**
 * What not every backend can do, or not every suite can provoke. A suite covers all of these unless it says with {@link Lacks}
 * which it does not.
 *
 * @since 0.1
 */
public enum Capability {
    /** What was written is there again when the same directory is opened after a close. */
    DURABILITY,

    /** Two backends that are open on one directory read and write the same data. */
    SHARING,

    /** A watch sees what another backend, open on the same directory, commits. */
    SHARED_WATCH,

    /** The store under test keeps values as the bytes that a codec makes of them. */
    ENCODING,

    /** The history can be kept short: {@link StoreTck#openRetaining}. */
    RETENTION,

    /** Writes can be made to wait: {@link StoreTck#openWithTimeout} and {@link StoreTck#stallWrites}. */
    STALL,

    /** The database can be made unreachable: {@link StoreTck#cutOff}. */
    OUTAGE,

    /** A commit can happen without its writer being told: {@link StoreTck#loseAcknowledgements}. */
    LOST_ACKNOWLEDGEMENT
}

package dev.tidemark.store.tck;

/**
 * Something that is wrong with a database until this is closed.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Fault extends AutoCloseable {

    /** Ends the fault. */
    @Override
    void close();
}

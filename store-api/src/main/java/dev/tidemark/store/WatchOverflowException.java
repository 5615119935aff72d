package dev.tidemark.store;

/**
 * The consumer of a watch fell more than the buffer's size behind; the watch has ended without a silent gap. Resume after
 * {@link #revision()}, choose a larger buffer, or use {@link Watches#resilient}.
 *
 * @since 0.1
 */
public final class WatchOverflowException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final int bufferSize;
    private final long revision;

    public WatchOverflowException(int bufferSize, long revision) {
        super("more than " + bufferSize + " changes were waiting for the consumer; resume after revision " + revision);
        this.bufferSize = bufferSize;
        this.revision = revision;
    }

    /** The size of the buffer, in changes. */
    public int bufferSize() {
        return bufferSize;
    }

    /** The revision up to which everything was delivered. */
    public long revision() {
        return revision;
    }
}

package dev.tidemark.codec;

import dev.tidemark.store.StoreException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A value could not be encoded, or stored bytes could not be decoded. The message names the place, never the bytes.
 *
 * <p>When a store throws it, kind and key are set, and so is the revision when the bytes came out of a change. It spoils only
 * the call that needed the value: other keys, and the following changes of a watch, stay readable.
 *
 * @since 0.1
 */
public final class CodecException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String kind;
    private final @Nullable String key;
    private final @Nullable Long revision;

    public CodecException(String message) {
        this(message, null);
    }

    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = null;
        this.key = null;
        this.revision = null;
    }

    private CodecException(String kind, String key, @Nullable Long revision, CodecException cause) {
        super(
                kind + "/" + key + (revision == null ? "" : " at revision " + revision) + ": " + cause.getMessage(),
                cause.getCause());
        this.kind = kind;
        this.key = key;
        this.revision = revision;
    }

    /** Returns what a codec threw as a failure of the value: itself, unless it is of another type. */
    public static CodecException of(RuntimeException thrown) {
        return thrown instanceof CodecException failure
                ? failure
                : new CodecException(
                        "the codec failed with " + thrown.getClass().getName(), thrown);
    }

    /** Returns this failure with the place of the entry it belongs to. */
    public CodecException at(String kind, String key) {
        return new CodecException(kind, key, null, this);
    }

    /** Returns this failure with the place of the change it belongs to. */
    public CodecException at(String kind, String key, long revision) {
        return new CodecException(kind, key, revision, this);
    }

    /** The kind of the entry, or null when a codec was called outside a store. */
    public @Nullable String kind() {
        return kind;
    }

    /** The key of the entry, or null when a codec was called outside a store. */
    public @Nullable String key() {
        return key;
    }

    /** The revision of the change that can't be decoded; empty when the failure is not about a change. */
    public OptionalLong revision() {
        return revision == null ? OptionalLong.empty() : OptionalLong.of(revision);
    }
}

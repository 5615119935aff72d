package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import dev.tidemark.store.spi.Names;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the entries of a source in batches, each all or nothing. A key that a file names again starts a new batch, so that the
 * later value wins and both count. Holds one batch in memory.
 */
final class Importer {
    /** A batch of large values ends early. */
    private static final long BATCH_BYTES = 4 << 20;

    private record Name(String kind, String key) {}

    private final Store<JsonNode> store;
    private final @Nullable String kind;
    private final int batchSize;
    private final LongConsumer progress;
    private final Codec<JsonNode> codec = Json.codec();
    private final Set<Name> named = new HashSet<>();
    private WriteBatch<JsonNode> batch = new WriteBatch<>();
    private long batchBytes;
    private long created;
    private long updated;
    private long unchanged;

    /**
     * Makes an importer.
     *
     * @param kind the kind of all entries; null when each names its own
     * @param progress is told after each batch how many entries are written
     */
    Importer(Store<JsonNode> store, @Nullable String kind, int batchSize, LongConsumer progress) {
        this.store = store;
        this.kind = kind;
        this.batchSize = batchSize;
        this.progress = progress;
    }

    void run(EntrySource source) {
        try {
            for (ImportedEntry entry = source.next(); entry != null; entry = source.next()) {
                add(entry);
            }
        } catch (InputException failure) {
            throw new InputException(failure.getMessage() + "; " + soFar(), failure);
        }
        write();
    }

    long written() {
        return created + updated + unchanged;
    }

    /** What the command prints in the end. */
    String summary() {
        return Json.line(
                Json.object().put("created", created).put("updated", updated).put("unchanged", unchanged));
    }

    private String soFar() {
        return written() == 0 ? "nothing was written" : "only the first " + written() + " entries were written";
    }

    private void add(ImportedEntry entry) {
        Name name = nameOf(entry);
        if (!named.add(name)) {
            write();
            named.add(name);
        }
        batchBytes += size(entry);
        batch.set(name.kind, name.key, entry.value());
        if (named.size() >= batchSize || batchBytes >= BATCH_BYTES) {
            write();
        }
    }

    private Name nameOf(ImportedEntry entry) {
        try {
            return new Name(Names.checkKind(kindOf(entry)), Names.checkKey(entry.key()));
        } catch (IllegalArgumentException refusal) {
            throw InputException.atLine(entry.line(), String.valueOf(refusal.getMessage()), refusal);
        }
    }

    private String kindOf(ImportedEntry entry) {
        String own = entry.kind();
        if (kind == null && own == null) {
            throw new IllegalArgumentException("no \"kind\"; name one for the whole file: import KIND FILE");
        }
        if (kind != null && own != null && !own.equals(kind)) {
            throw new IllegalArgumentException("the entry is of kind " + Json.text(own)
                    + "; import FILE, without KIND, keeps the kinds of a file");
        }
        return kind != null ? kind : String.valueOf(own);
    }

    /** Refuses what can't be stored while its line is known. */
    private long size(ImportedEntry entry) {
        try {
            return codec.encode(entry.value()).length;
        } catch (CodecException refusal) {
            throw InputException.atLine(entry.line(), Json.refusal(refusal), refusal);
        }
    }

    private void write() {
        if (named.isEmpty()) {
            return;
        }
        WriteSummary summary = store.write(batch);
        created += summary.created();
        updated += summary.updated();
        unchanged += summary.unchanged();
        batch = new WriteBatch<>();
        named.clear();
        batchBytes = 0;
        progress.accept(written());
    }
}

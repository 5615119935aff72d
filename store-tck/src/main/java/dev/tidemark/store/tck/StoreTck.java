package dev.tidemark.store.tck;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The suite that every backend has to pass: extend it, say how to open the backend, and run it with JUnit.
 *
 * <pre>{@code
 * class MyBackendTest extends StoreTck {
 *     @Override
 *     protected Backend openBackend(Path directory) {
 *         return MyBackend.open(directory.resolve("data"));
 *     }
 * }
 * }</pre>
 *
 * <p>The names of the tests begin with the rule of the contract that they hold a store to. The other methods to override bring
 * about what a suite can't bring about by itself, such as a lost connection; as long as one is not overridden, the tests that need
 * it fail, unless the suite declares with {@link Lacks} that its backend has no such thing.
 *
 * <p>An instance serves one test, so a suite may keep what it opened in fields; it need not close a backend, the tests do.
 *
 * @since 0.1
 */
@SuppressWarnings("exports") // JUnit gets the condition by reflection.
@ExtendWith(CapabilityCondition.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class StoreTck {

    /** Makes a suite. */
    protected StoreTck() {}

    /**
     * Opens a backend that keeps its data in {@code directory}, or in a place of its own for that directory, such as a schema of
     * a server. Opening the same directory again within a test shows the same data; another directory is another, empty
     * database.
     */
    protected abstract Backend openBackend(Path directory);

    /** Opens a backend as {@link #openBackend} does, whose calls take at most {@code timeout}. */
    protected Backend openWithTimeout(Path directory, Duration timeout) {
        throw missing("openWithTimeout", Capability.STALL);
    }

    /**
     * Opens a backend as {@link #openBackend} does, which retains at least the newest {@code changes} changes of a namespace, and
     * not many times more.
     */
    protected Backend openRetaining(Path directory, int changes) {
        throw missing("openRetaining", Capability.RETENTION);
    }

    /** Makes every write to the database of {@code directory} wait, from now until the fault is closed. */
    protected Fault stallWrites(Path directory) {
        throw missing("stallWrites", Capability.STALL);
    }

    /**
     * Breaks every connection to the database of {@code directory}, and refuses new ones until the fault is closed. What was
     * committed stays.
     */
    protected Fault cutOff(Path directory) {
        throw missing("cutOff", Capability.OUTAGE);
    }

    /**
     * From now until the fault is closed, writes to the database of {@code directory} are committed, and the connection breaks
     * before the writer is told.
     */
    protected Fault loseAcknowledgements(Path directory) {
        throw missing("loseAcknowledgements", Capability.LOST_ACKNOWLEDGEMENT);
    }

    /** The codec that the suite writes its values with; a plain one unless overridden. */
    protected Codec<Sample> codec() {
        return new SampleCodec();
    }

    /** The view that the tests work on; {@code backend.store(codec(), options)} unless overridden. */
    protected Store<Sample> openStore(Backend backend, StoreOptions<Sample> options) {
        return backend.store(codec(), options);
    }

    /** How long to wait for what has to happen before the test fails; a minute unless overridden. */
    protected Duration patience() {
        return Duration.ofMinutes(1);
    }

    static AssertionError missing(String method, Capability capability) {
        return new MissingOverride(method, capability);
    }

    /** N1. */
    @Nested
    class Naming extends NamingRules {
        Naming() {
            super(StoreTck.this);
        }
    }

    /** N3. */
    @Nested
    class Values extends ValueRules {
        Values() {
            super(StoreTck.this);
        }
    }

    /** N2. */
    @Nested
    class Order extends OrderRules {
        Order() {
            super(StoreTck.this);
        }
    }

    /** K1. */
    @Nested
    class Entries extends EntryRules {
        Entries() {
            super(StoreTck.this);
        }
    }

    /** K2. */
    @Nested
    class Sets extends SetRules {
        Sets() {
            super(StoreTck.this);
        }
    }

    /** K2, with the application's own idea of sameness. */
    @Nested
    class SameValues extends SameValueRules {
        SameValues() {
            super(StoreTck.this);
        }
    }

    /** K3. */
    @Nested
    class Updates extends UpdateRules {
        Updates() {
            super(StoreTck.this);
        }
    }

    /** K4. */
    @Nested
    class Merges extends SetAllRules {
        Merges() {
            super(StoreTck.this);
        }
    }

    /** K5. */
    @Nested
    class Deletes extends DeleteRules {
        Deletes() {
            super(StoreTck.this);
        }
    }

    /** K6. */
    @Nested
    class Conditions extends ConditionRules {
        Conditions() {
            super(StoreTck.this);
        }
    }

    /** K7. */
    @Nested
    class Batches extends BatchRules {
        Batches() {
            super(StoreTck.this);
        }
    }

    /** K8. */
    @Nested
    class Listings extends ListingRules {
        Listings() {
            super(StoreTck.this);
        }
    }

    /** K8. */
    @Nested
    class Snapshots extends SnapshotRules {
        Snapshots() {
            super(StoreTck.this);
        }
    }

    /** K9. */
    @Nested
    class Linearizability extends LinearizabilityRules {
        Linearizability() {
            super(StoreTck.this);
        }
    }

    /** K9. */
    @Nested
    class Durability extends DurabilityRules {
        Durability() {
            super(StoreTck.this);
        }
    }

    /** K10. */
    @Nested
    class Validators extends ValidatorRules {
        Validators() {
            super(StoreTck.this);
        }
    }

    /** K11. */
    @Nested
    class Closing extends ClosingRules {
        Closing() {
            super(StoreTck.this);
        }
    }

    /** K11. */
    @Nested
    class Bounds extends BoundRules {
        Bounds() {
            super(StoreTck.this);
        }
    }

    /** K12. */
    @Nested
    class Acknowledgements extends AcknowledgementRules {
        Acknowledgements() {
            super(StoreTck.this);
        }
    }

    /** K13. */
    @Nested
    class Undecodable extends UndecodableRules {
        Undecodable() {
            super(StoreTck.this);
        }
    }

    /** K14. */
    @Nested
    class Namespaces extends NamespaceRules {
        Namespaces() {
            super(StoreTck.this);
        }
    }

    /** W1. */
    @Nested
    class WatchOrder extends WatchOrderRules {
        WatchOrder() {
            super(StoreTck.this);
        }
    }

    /** W2. */
    @Nested
    class Replay extends ReplayRules {
        Replay() {
            super(StoreTck.this);
        }
    }

    /** W3. */
    @Nested
    class Overflow extends OverflowRules {
        Overflow() {
            super(StoreTck.this);
        }
    }

    /** W4. */
    @Nested
    class WatchEnd extends WatchEndRules {
        WatchEnd() {
            super(StoreTck.this);
        }
    }

    /** W5. */
    @Nested
    class Filters extends FilterRules {
        Filters() {
            super(StoreTck.this);
        }
    }

    /** W6. */
    @Nested
    class Resume extends ResumeRules {
        Resume() {
            super(StoreTck.this);
        }
    }

    /** W6. */
    @Nested
    class Compaction extends CompactionRules {
        Compaction() {
            super(StoreTck.this);
        }
    }

    /** W7. */
    @Nested
    class Progress extends ProgressRules {
        Progress() {
            super(StoreTck.this);
        }
    }

    /** W8. */
    @Nested
    class Outages extends OutageRules {
        Outages() {
            super(StoreTck.this);
        }
    }

    /** W9. */
    @Nested
    class Resilience extends ResilienceRules {
        Resilience() {
            super(StoreTck.this);
        }
    }

    /** W10. */
    @Nested
    class Invisible extends InvisibleRules {
        Invisible() {
            super(StoreTck.this);
        }
    }

    /** The adapters of a watch. */
    @Nested
    class Adapters extends AdapterRules {
        Adapters() {
            super(StoreTck.this);
        }
    }

    /** All of them together, against a model. */
    @Nested
    class Model extends ModelRules {
        Model() {
            super(StoreTck.this);
        }
    }
}

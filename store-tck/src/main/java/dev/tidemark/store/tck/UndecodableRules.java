package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.store.Change;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** K13: a stored value that can't be decoded spoils only the calls that need it. */
@Needs(Capability.ENCODING)
abstract class UndecodableRules extends Rules {
    private static final Sample POISON = new Sample("s3cr3t", -1);

    private Store<Sample> careful;

    @SuppressWarnings("NullAway.Init")
    UndecodableRules(StoreTck tck) {
        super(tck);
    }

    @BeforeEach
    void poisonB() {
        careful = backend.store(new Picky(tck.codec()));
        store.setAll(KIND, Map.of("a", sample(1), "b", POISON, "c", sample(3)));
    }

    @Test
    void k13_aReadOfTheValueNamesIt() {
        assertUndecodable(OptionalLong.empty(), () -> careful.get(KIND, "b"));
        assertUndecodable(OptionalLong.empty(), () -> careful.entry(KIND, "b"));
        assertUndecodable(OptionalLong.empty(), () -> careful.getAll(KIND, List.of("a", "b")));
        assertUndecodable(OptionalLong.empty(), () -> careful.list(KIND));
        assertUndecodable(OptionalLong.empty(), () -> careful.values(KIND));
        assertUndecodable(OptionalLong.empty(), () -> careful.update(KIND, "b", value -> value));
        assertUndecodable(OptionalLong.empty(), () -> careful.upsert(KIND, "b", value -> sample(2)));
        assertUndecodable(OptionalLong.empty(), () -> {
            try (Snapshot<Sample> snapshot = careful.snapshot()) {
                snapshot.stream(KIND).forEach(entry -> assertThat(entry).isNotNull());
            }
        });
    }

    @Test
    void k13_callsThatDoNotNeedTheValueWork() {
        assertThat(careful.get(KIND, "a")).contains(sample(1));
        assertThat(careful.keys(KIND)).containsExactly("a", "b", "c");
        assertThat(careful.count(KIND)).isEqualTo(3);
        assertThat(careful.getAll(KIND, List.of("a", "c"))).hasSize(2);
        assertThat(careful.values(KIND, ListOptions.defaults().withFrom("c")).items())
                .containsExactly(sample(3));
        assertThat(careful.values(KIND, ListOptions.defaults().withTo("b")).items())
                .containsExactly(sample(1));
        assertThat(careful.set(KIND, "b", sample(2))).isEqualTo(SetResult.UPDATED);
        assertThat(careful.values(KIND)).containsExactly(sample(1), sample(2), sample(3));
    }

    @Test
    void k13_anUndecodableValueCanBeDeleted() {
        careful.write(new WriteBatch<Sample>().delete(KIND, "b"));
        assertThat(careful.values(KIND)).containsExactly(sample(1), sample(3));
    }

    @Test
    void k13_aWatchNamesTheChangeAndGoesOnBehindIt() throws Exception {
        Watch<Sample> watch = own(careful.watch(WatchOptions.defaults()));
        store.set(KIND, "a", sample(4));
        store.set(KIND, "b", new Sample(POISON.name(), 5));
        long updated = revision();
        store.set(KIND, "c", sample(6));
        assertThat(next(watch).key()).isEqualTo("a");
        assertUndecodable(OptionalLong.of(updated), () -> next(watch));
        assertThat(next(watch).key()).isEqualTo("c");
        store.delete(KIND, "b");
        long deleted = revision();
        store.delete(KIND, "c");
        assertUndecodable(OptionalLong.of(deleted), () -> next(watch));
        assertThat(next(watch).type()).isEqualTo(Change.Type.DELETED);
    }

    @Test
    void k13_aReplayAndAResumeGoOnBehindIt() throws Exception {
        Watch<Sample> replay = own(careful.watch(WatchOptions.defaults().withInitialReplay()));
        assertThat(next(replay).key()).isEqualTo("a");
        assertUndecodable(OptionalLong.of(revision()), () -> next(replay));
        assertThat(next(replay).key()).isEqualTo("c");
        assertThat(replay.isSynced()).isTrue();
        Watch<Sample> resumed = own(careful.watch(WatchOptions.defaults().withStartAfter(0)));
        assertThat(next(resumed).key()).isEqualTo("a");
        assertThatThrownBy(() -> next(resumed)).isInstanceOf(CodecException.class);
        assertThat(next(resumed).key()).isEqualTo("c");
    }

    @Test
    void k13_aValueThatCanNotBeEncodedIsNotWritten() throws Exception {
        assertNothingHappened(watch(), () -> {
            for (int number = -2; number >= -4; number--) {
                Sample unencodable = new Sample("unencodable", number);
                assertUndecodable(OptionalLong.empty(), () -> careful.set(KIND, "b", unencodable));
                assertUndecodable(
                        OptionalLong.empty(),
                        () -> careful.write(new WriteBatch<Sample>()
                                .set(KIND, "a", sample(7))
                                .set(KIND, "b", unencodable)));
            }
        });
    }

    private static void assertUndecodable(OptionalLong revision, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CodecException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(KIND);
            assertThat(failure.key()).isEqualTo("b");
            assertThat(failure.revision()).isEqualTo(revision);
            assertThat(failure).hasMessageContaining(KIND).hasMessageContaining("b");
            assertThat(failure.getMessage()).doesNotContain(POISON.name());
        });
    }

    @SuppressWarnings("NullAway") // a codec must not return null, but may come from code that nobody has checked
    private static byte[] nothing() {
        return null;
    }

    /** Fails for the values of this class. */
    private record Picky(Codec<Sample> codec) implements Codec<Sample> {
        @Override
        public byte[] encode(Sample value) {
            return switch (value.number()) {
                case -2 -> throw new CodecException("can't be encoded");
                case -3 -> throw new IllegalStateException("a fault of the codec's");
                case -4 -> nothing();
                default -> codec.encode(value);
            };
        }

        @Override
        public Sample decode(byte[] bytes) {
            Sample value = codec.decode(bytes);
            if (value.name().equals(POISON.name())) {
                throw new CodecException("can't be decoded");
            }
            return value;
        }
    }
}

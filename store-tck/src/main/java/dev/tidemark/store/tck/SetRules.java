package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** K2: a set creates, updates, or changes nothing at all. */
abstract class SetRules extends Rules {
    SetRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k2_aSetSaysWhatItDid() {
        assertThat(store.set(KIND, "key", sample(1))).isEqualTo(SetResult.CREATED);
        assertThat(store.set(KIND, "key", sample(2))).isEqualTo(SetResult.UPDATED);
        assertThat(store.set(KIND, "key", sample(2))).isEqualTo(SetResult.UNCHANGED);
        assertThat(store.set(KIND, "key", sample(1))).isEqualTo(SetResult.UPDATED);
        store.delete(KIND, "key");
        assertThat(store.set(KIND, "key", sample(1))).isEqualTo(SetResult.CREATED);
    }

    @Test
    void k2_aWatchSeesWhatASetDid() throws Exception {
        var watch = watch();
        store.set(KIND, "key", sample(1));
        store.set(KIND, "key", sample(2));
        store.delete(KIND, "key");
        store.set(KIND, "key", sample(2));
        assertThat(next(watch, 4))
                .extracting(Change::type)
                .containsExactly(Change.Type.CREATED, Change.Type.UPDATED, Change.Type.DELETED, Change.Type.CREATED);
    }

    @Test
    void k2_anUnchangedValueWritesBumpsAndEmitsNothing() throws Exception {
        store.set(KIND, "key", sample(1));
        Entry<Sample> before = entry("key");
        assertNothingHappened(watch(), () -> {
            assertThat(store.set(KIND, "key", sample(1))).isEqualTo(SetResult.UNCHANGED);
            assertThat(store.replace(KIND, "key", sample(1), before.tag())).isEqualTo(before.tag());
            assertThat(store.update(KIND, "key", value -> sample(1))).isEqualTo(sample(1));
            assertThat(store.upsert(KIND, "key", value -> sample(1))).isEqualTo(sample(1));
            assertUnchanged(store.setAll(KIND, Map.of("key", sample(1))));
            assertUnchanged(store.write(new WriteBatch<Sample>().set(KIND, "key", sample(1))));
            assertUnchanged(store.write(new WriteBatch<Sample>().replace(KIND, "key", sample(1), before.tag())));
        });
        assertThat(entry("key")).isEqualTo(before);
    }

    @Test
    void k2_valuesWithOneHashCodeAreDifferent() {
        Sample one = new Sample("Aa", 1);
        Sample other = new Sample("BB", 1);
        assertThat(other).hasSameHashCodeAs(one);
        store.set(KIND, "key", one);
        assertThat(store.set(KIND, "key", other)).isEqualTo(SetResult.UPDATED);
        assertThat(store.get(KIND, "key")).contains(other);
        assertThat(store.setAll(KIND, Map.of("key", one)).updated()).isEqualTo(1);
        assertThat(store.get(KIND, "key")).contains(one);
    }

    @Test
    @Needs(Capability.ENCODING)
    void k2_sameMeansEqualEncodedBytes() {
        Store<Sample> nameOnly = backend.store(new NameOnly(tck.codec()));
        nameOnly.set(KIND, "key", new Sample("name", 1));
        assertThat(nameOnly.set(KIND, "key", new Sample("name", 2))).isEqualTo(SetResult.UNCHANGED);
        assertThat(nameOnly.set(KIND, "key", new Sample("other", 2))).isEqualTo(SetResult.UPDATED);
    }

    @Test
    @Needs(Capability.ENCODING)
    void k2_aCodecMayReuseItsArrays() {
        Store<Sample> reusing = backend.store(new Reusing(tck.codec()));
        reusing.set(KIND, "a", sample(1));
        reusing.set(KIND, "b", sample(2));
        assertThat(store.values(KIND)).hasSize(2);
        assertThat(reusing.set(KIND, "a", sample(1))).isEqualTo(SetResult.UNCHANGED);
    }

    @Test
    void k2_concurrentSetsOfOneValueChangeItOnce() throws Exception {
        var watch = watch();
        for (int round = 0; round < 20; round++) {
            Sample value = sample(round);
            var results = crew.race(8, thread -> store.set(KIND, "key", value));
            assertThat(results.stream().filter(result -> result != SetResult.UNCHANGED))
                    .as("round %d", round)
                    .hasSize(1);
        }
        assertThat(rest(watch)).hasSize(20);
    }

    private static void assertUnchanged(WriteSummary summary) {
        assertThat(summary.unchanged()).as("unchanged keys").isEqualTo(1);
        assertThat(summary.created() + summary.updated() + summary.deleted()).isZero();
    }

    /** Forgets the number. */
    private record NameOnly(Codec<Sample> codec) implements Codec<Sample> {
        @Override
        public byte[] encode(Sample value) {
            return codec.encode(new Sample(value.name(), 0));
        }

        @Override
        public Sample decode(byte[] bytes) {
            return codec.decode(bytes);
        }
    }

    /** Scribbles over the array that it was given, as it may: what a codec is given to decode is not kept by the store. */
    private record Reusing(Codec<Sample> codec) implements Codec<Sample> {
        @Override
        public byte[] encode(Sample value) {
            return codec.encode(value);
        }

        @Override
        public Sample decode(byte[] bytes) {
            Sample value = codec.decode(bytes);
            Arrays.fill(bytes, (byte) 'x');
            return value;
        }
    }
}

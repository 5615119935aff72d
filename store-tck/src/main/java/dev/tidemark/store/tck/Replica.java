package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A copy of a store made of the changes of a watch, each of which has to fit what came before. */
final class Replica {
    private record Name(String kind, String key) {}

    private record Held(Sample value, long version) {}

    private final Map<Name, Held> held = new HashMap<>();
    private long revision;
    private boolean live;
    private int changes;

    Replica apply(Change<Sample> change) {
        changes++;
        if (change.replayed()) {
            replay(change);
        } else {
            assertThat(change.revision()).as("the revision of %s", change).isGreaterThan(revision);
            live = true;
            follow(change);
        }
        revision = change.revision();
        return this;
    }

    private void replay(Change<Sample> change) {
        assertThat(live).as("%s is replayed after a live change", change).isFalse();
        assertThat(change.type()).isEqualTo(Change.Type.CREATED);
        assertThat(revision).as("the revision of the replay before %s", change).isIn(0L, change.revision());
        Held twice = held.put(name(change), new Held(change.value(), change.version()));
        assertThat(twice)
                .as("what was replayed of the key of %s before", change)
                .isNull();
    }

    private void follow(Change<Sample> change) {
        @Nullable Held before = held.get(name(change));
        switch (change.type()) {
            case CREATED -> {
                assertThat(before).as("what is there before %s", change).isNull();
                assertThat(change.version()).as("the version of %s", change).isEqualTo(1);
                held.put(name(change), new Held(change.value(), change.version()));
            }
            case UPDATED -> {
                long version = before == null ? 0 : before.version;
                assertThat(version)
                        .as("the version before %s", change)
                        .isPositive()
                        .isEqualTo(change.version() - 1);
                held.put(name(change), new Held(change.value(), change.version()));
            }
            case DELETED -> {
                assertThat(before).as("what %s deletes", change).isEqualTo(new Held(change.value(), change.version()));
                held.remove(name(change));
            }
        }
    }

    /** How many changes were applied. */
    int changes() {
        return changes;
    }

    /** The revision of the last change. */
    long revision() {
        return revision;
    }

    void assertEquals(Replica other) {
        assertThat(held).isEqualTo(other.held);
    }

    void assertEquals(Store<Sample> store) {
        Map<Name, Held> stored = new HashMap<>();
        for (String kind : store.kinds()) {
            for (Entry<Sample> entry : store.list(kind).items()) {
                stored.put(new Name(kind, entry.key()), new Held(entry.value(), entry.version()));
            }
        }
        assertThat(held).as("what the watch makes of the store").isEqualTo(stored);
    }

    private static Name name(Change<?> change) {
        return new Name(change.kind(), change.key());
    }
}

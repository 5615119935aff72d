package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.EventBatch;
import dev.tidemark.event.ModelRepository;
import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.Store;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E18: models are fetched, changed and saved atomically. */
abstract class ModelRepositoryRules extends EventRules {
    private static final UUID ID = UUID.randomUUID();

    Store<Sample> store;
    ModelRepository<UUID, Sample> models;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    ModelRepositoryRules(EventStoreTck tck) {
        super(tck);
    }

    @BeforeEach
    final void openModels() {
        store = backend.store(tck.codec());
        models = ModelRepository.over(store, "models");
    }

    @Test
    void e18_whatIsSavedIsFetched() {
        assertThat(models.find(ID)).isEmpty();
        models.save(ID, sample(1));
        models.save(UUID.randomUUID(), sample(2));
        assertThat(models.fetch(ID)).isEqualTo(sample(1));
        assertThat(models.find(ID)).contains(sample(1));
        assertThat(models.delete(ID)).contains(sample(1));
        assertThat(models.delete(ID)).isEmpty();
        assertThat(models.find(ID)).isEmpty();
    }

    @Test
    void e18_withoutAFactoryWhatIsMissingIsMissing() {
        assertThatThrownBy(() -> models.fetch(ID)).isInstanceOf(KeyNotFoundException.class);
        assertThatThrownBy(() -> models.use(ID, model -> model)).isInstanceOf(KeyNotFoundException.class);
    }

    @Test
    void e18_aFactoryMakesWhatIsMissing() {
        ModelRepository<UUID, Sample> making = models.withFactory(id -> new Sample(id.toString(), 0));
        assertThat(making.fetch(ID)).isEqualTo(new Sample(ID.toString(), 0));
        assertThat(making.find(ID)).as("stored by fetching it").isEmpty();
        Sample used = making.use(ID, model -> new Sample(model.name(), model.number() + 1));
        assertThat(used).isEqualTo(new Sample(ID.toString(), 1));
        assertThat(models.fetch(ID)).isEqualTo(used);
    }

    @Test
    void e18_aChangeThatFailsChangesNothing() {
        models.save(ID, sample(1));
        assertThatThrownBy(() -> models.use(ID, model -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(models.fetch(ID)).isEqualTo(sample(1));
    }

    @Test
    void e18_aKindThatCanNotBeIsRefusedAtOnce() {
        assertThatThrownBy(() -> ModelRepository.over(store, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ModelRepository.over(store, nothing())).isInstanceOf(NullPointerException.class);
    }

    @Test
    void e18_racingUsesLoseNothing() throws Exception {
        ModelRepository<UUID, Sample> making = models.withFactory(id -> sample(0));
        crew.race(8, thread -> {
            for (int i = 0; i < 50; i++) {
                making.use(ID, model -> sample(model.number() + 1));
            }
            return true;
        });
        assertThat(models.fetch(ID)).isEqualTo(sample(400));
    }

    @Test
    void e18_aModelIsSavedTogetherWithEvents() {
        backend.transact(transaction -> {
            transaction.write(store, models.saving(ID, sample(5)));
            transaction.write(events, new EventBatch().insert(event(1)));
            return true;
        });
        assertThat(models.fetch(ID)).isEqualTo(sample(5));
        assertThat(all()).hasSize(1);
    }
}

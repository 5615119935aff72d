package dev.tidemark.store.tck.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Backends;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchListener;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.Watches;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import dev.tidemark.store.inmemory.InMemoryBackend;
import dev.tidemark.store.inmemory.InMemoryOptions;
import dev.tidemark.store.sqlite.SqliteBackend;
import dev.tidemark.store.sqlite.SqliteOptions;
import dev.tidemark.store.tck.samples.OrderExample.ItemAdded;
import dev.tidemark.store.tck.samples.OrderExample.OrderPlaced;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the README, run. */
class ReadmeSamplesTest {
    record User(String name, String email) {}

    record Account(long cents) {}

    private static final class Index {
        final Map<String, User> users = new ConcurrentHashMap<>();

        void apply(Change<User> change) {
            if (change.type() == Change.Type.DELETED) {
                users.remove(change.key());
            } else {
                users.put(change.key(), change.value());
            }
        }
    }

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    @Test
    void main(@TempDir Path folder) throws InterruptedException {
        Index index = new Index();
        String uri = "sqlite:" + folder.resolve("app.db");
        ExecutorService executor = Executors.newCachedThreadPool();

        try (Backend backend = Backends.open(uri)) { // memory:, sqlite:app.db, postgresql://app:secret@db:5432/app
            Store<User> users = backend.store(JsonCodec.of(User.class));

            users.set("users", "alice", new User("Alice", "alice@example.com")); // CREATED, UPDATED or UNCHANGED

            Watch<User> watch = users.watch("users", WatchOptions.defaults().withInitialReplay());
            executor.execute(() -> {
                for (Change<User> change : watch) { // the present state first, then every change, in order
                    index.apply(change);
                }
            });

            users.update("users", "alice", user -> new User(user.name(), "alice@example.org"));
            Awaitility.await()
                    .until(
                            () -> index.users.get("alice"),
                            found -> found != null && found.email().endsWith("org"));
            watch.close();
        }
        executor.shutdown();
    }

    @Test
    void conditionsAndBatches() {
        try (Backend backend = InMemoryBackend.open()) {
            Store<Account> accounts = backend.store(JsonCodec.of(Account.class));
            accounts.set("accounts", "a", new Account(500));
            accounts.set("accounts", "b", new Account(0));
            transfer(accounts, 200);
            assertThat(accounts.get("accounts", "a")).contains(new Account(300));
            assertThat(accounts.get("accounts", "b")).contains(new Account(200));
        }
    }

    private static void transfer(Store<Account> accounts, long cents) {
        Entry<Account> from = accounts.entry("accounts", "a").orElseThrow();
        Entry<Account> to = accounts.entry("accounts", "b").orElseThrow();
        try {
            accounts.write(new WriteBatch<Account>()
                    .replace("accounts", "a", new Account(from.value().cents() - cents), from.tag())
                    .replace("accounts", "b", new Account(to.value().cents() + cents), to.tag()));
        } catch (ConflictException overtaken) { // names the key, the expected tag and the actual one
            transfer(accounts, cents);
        }
    }

    @Test
    void snapshotAndResume() throws InterruptedException {
        try (Backend backend = InMemoryBackend.open()) {
            Store<User> users = backend.store(JsonCodec.of(User.class));
            Index index = new Index();
            users.set("users", "alice", new User("Alice", "alice@example.com"));

            long revision;
            try (Snapshot<User> snapshot = users.snapshot()) { // one moment, streamed a page at a time
                revision = snapshot.revision();
                snapshot.stream("users").forEach(entry -> index.users.put(entry.key(), entry.value()));
            }
            users.set("users", "bob", new User("Bob", "bob@example.com"));

            try (Watch<User> watch =
                    users.watch("users", WatchOptions.defaults().withStartAfter(revision))) {
                watch.poll(Duration.ofSeconds(1)).ifPresent(index::apply); // bob: nothing is missed in between
                revision = watch.revision(); // keep it, and continue there after a restart
            }
            assertThat(index.users).containsOnlyKeys("alice", "bob");
            assertThat(revision).isEqualTo(2);
        }
    }

    @Test
    void listener() {
        ExecutorService executor = Executors.newCachedThreadPool();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Backend backend = InMemoryBackend.open()) {
            Store<User> users = backend.store(JsonCodec.of(User.class));
            Watch<User> watch = Watches.resilient(users, WatchOptions.defaults(), lastRevision -> seen.clear());
            Watches.listen(
                    watch,
                    new WatchListener<>() {
                        @Override
                        public void onChange(Change<User> change) {
                            seen.add(change.type() + " " + change.key());
                        }

                        @Override
                        public void onFailed(Throwable reason) {
                            seen.add(reason.getMessage());
                        }
                    },
                    executor);
            users.set("users", "alice", new User("Alice", "alice@example.com"));
            Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly("CREATED alice"));
        }
        executor.shutdown();
    }

    @Test
    void listings() {
        try (Backend backend = InMemoryBackend.open()) {
            Store<User> users = backend.store(JsonCodec.of(User.class));
            WriteSummary summary = users.setAll("users", Map.of("alice", new User("Alice", "a@example.com")));
            List<String> lines = new ArrayList<>();

            ListOptions firstTen = ListOptions.defaults().withPrefix("a").withLimit(10);
            for (Entry<User> entry : users.list("users", firstTen).items()) {
                lines.add(entry.key() + " v" + entry.version() + " "
                        + entry.value().email());
            }

            assertThat(summary.created()).isEqualTo(1);
            assertThat(lines).containsExactly("alice v1 a@example.com");
        }
    }

    @Test
    void events() {
        try (Backend backend = InMemoryBackend.open()) {
            Store<Long> sold = backend.store(JsonCodec.of(Long.class));

            EventStore events = backend.events(EventTypes.none()
                    .with("order.placed", OrderPlaced.class, JsonCodec.of(OrderPlaced.class))
                    .with("order.item_added", ItemAdded.class, JsonCodec.of(ItemAdded.class)));

            AggregateId order = AggregateId.random("order");
            events.append(order, ExpectedVersion.NONE, new OrderPlaced("ann"), new ItemAdded("tea", 450));
            events.append(
                    order, ExpectedVersion.exactly(2), new ItemAdded("cup", 1_200)); // or an EventConflictException

            Subscription subscription = events.subscribe(
                    SubscriptionOptions.fromStart().withName("items"),
                    (event, transaction) -> { // exactly once, come what may
                        if (event.data() instanceof ItemAdded added) {
                            transaction.write(
                                    sold,
                                    new WriteBatch<Long>()
                                            .set("sold", event.id().toString(), added.cents()));
                        }
                    });

            Awaitility.await().until(() -> subscription.position() == events.position());
            subscription.close();
            assertThat(sold.values("sold")).containsExactlyInAnyOrder(450L, 1_200L);
        }
    }

    @Test
    void frontDoors(@TempDir Path folder) {
        Path file = folder.resolve("app.db");

        InMemoryBackend memory = InMemoryBackend.open(InMemoryOptions.defaults().withHistorySize(10_000));
        Store<User> cache = memory.store(StoreOptions.defaults()); // no codec: values are kept as they are given

        SqliteBackend sqlite = SqliteBackend.open(
                SqliteOptions.of("sqlite:" + file).withWatchPolling(Duration.ofMillis(100))); // sees other processes

        Store<User> users = sqlite.store(
                JsonCodec.of(User.class),
                StoreOptions.<User>defaults().withNamespace(7).withValidator("users", user -> {
                    if (user.name().isBlank()) {
                        throw new IllegalArgumentException("a user needs a name");
                    }
                }));

        User alice = new User("Alice", "alice@example.com");
        cache.set("users", "alice", alice);
        users.set("users", "alice", alice);
        assertThat(cache.get("users", "alice")).containsSame(alice);
        assertThat(users.get("users", "alice")).contains(alice);
        memory.close();
        sqlite.close();
    }
}

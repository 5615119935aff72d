package dev.tidemark.store.tck.samples;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.Aggregate;
import dev.tidemark.event.AggregateRepository;
import dev.tidemark.event.AggregateType;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ModelRepository;
import dev.tidemark.event.SnapshotSchedule;
import dev.tidemark.event.SnapshotStore;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.TransactionalEventHandler;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Backends;
import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The worked example of docs/events.md; {@link OrderExampleTest} runs it. */
final class OrderExample {
    private OrderExample() {}

    record OrderPlaced(String customer) {}

    record ItemAdded(String item, long cents) {}

    record OrderShipped(String carrier) {}

    record OrderCancelled(String reason) {}

    record OrderReopened(String reason) {}

    static final EventTypes TYPES = EventTypes.none()
            .with("order.placed", OrderPlaced.class, JsonCodec.of(OrderPlaced.class))
            .with("order.item_added", ItemAdded.class, JsonCodec.of(ItemAdded.class))
            .with("order.shipped", OrderShipped.class, JsonCodec.of(OrderShipped.class))
            .with("order.cancelled", OrderCancelled.class, JsonCodec.of(OrderCancelled.class))
            .with("order.reopened", OrderReopened.class, JsonCodec.of(OrderReopened.class));

    record Order(String customer, List<String> items, long cents, boolean shipped) {
        static Order none(UUID id) {
            return new Order("", List.of(), 0, false);
        }

        Order after(Object event) {
            if (event instanceof OrderPlaced placed) {
                return new Order(placed.customer(), items, cents, shipped);
            }
            if (event instanceof ItemAdded added) {
                List<String> more = new ArrayList<>(items);
                more.add(added.item());
                return new Order(customer, List.copyOf(more), cents + added.cents(), shipped);
            }
            return event instanceof OrderShipped ? new Order(customer, items, cents, true) : this;
        }
    }

    static final AggregateType<Order> ORDER = AggregateType.of("order", Order::none, Order::after)
            .withSoftDelete(OrderCancelled.class, OrderReopened.class);

    /** What was sold of an item. */
    record Sales(int pieces, long cents) {
        Sales plus(long price) {
            return new Sales(pieces + 1, cents + price);
        }
    }

    static Subscription project(EventStore events, Store<Sales> store) {
        ModelRepository<String, Sales> models =
                ModelRepository.<String, Sales>over(store, "sales").withFactory(item -> new Sales(0, 0));
        TransactionalEventHandler count = (event, transaction) -> {
            if (event.data() instanceof ItemAdded added) {
                Sales sales = models.fetch(added.item()).plus(added.cents());
                transaction.write(store, models.saving(added.item(), sales)); // committed with the checkpoint
            }
        };
        EventQuery items = EventQuery.all().withNames("order.item_added");
        return events.subscribe(
                SubscriptionOptions.fromStart().withName("sales").withFilter(items), count);
    }

    public static void main(String[] args) throws InterruptedException {
        try (Backend backend = Backends.open(args.length > 0 ? args[0] : "memory:")) {
            EventStore events = backend.events(TYPES);
            SnapshotStore<Order> snapshots = SnapshotStore.over(backend.store(JsonCodec.of(Order.class)), ORDER.name());
            AggregateRepository<Order> orders = AggregateRepository.over(events, ORDER)
                    .withSnapshots(snapshots, SnapshotSchedule.every(3))
                    .withRetries(5);

            UUID id = UUID.randomUUID();
            orders.use(id, order -> order.record(new OrderPlaced("ann")));
            orders.use(id, order -> order.record(new ItemAdded("tea", 450), new ItemAdded("cup", 1_200)));
            Aggregate<Order> shipped = orders.use(id, order -> {
                if (order.state().items().isEmpty()) {
                    throw new IllegalStateException("there is nothing to ship");
                }
                order.record(new OrderShipped("post"));
            });
            System.out.println("at version " + shipped.version() + ": " + shipped.state());
            System.out.println("at version 2: " + orders.fetch(id, 2).state());
            System.out.println(
                    "snapshot of version " + snapshots.latest(id).orElseThrow().version());

            Store<Sales> sales = backend.store(JsonCodec.of(Sales.class));
            try (Watch<Sales> watch = sales.watch("sales", WatchOptions.defaults());
                    Subscription projection = project(events, sales)) {
                orders.use(UUID.randomUUID(), order -> order.record(new OrderPlaced("bob"), new ItemAdded("tea", 450)));
                for (int i = 0; i < 3; i++) {
                    Change<Sales> change = watch.poll(Duration.ofSeconds(10)).orElseThrow();
                    System.out.println("sold: " + change.key() + " " + change.value());
                }
                projection.failure().ifPresent(Throwable::printStackTrace);
            }
        }
    }
}

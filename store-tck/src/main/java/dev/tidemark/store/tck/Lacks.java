package dev.tidemark.store.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares on a subclass of {@link StoreTck} or {@link EventStoreTck} that its backend lacks a capability. The tests that need it are reported as skipped,
 * with the reason given here; without the declaration they fail. A subclass of that suite lacks the same, and what it declares besides.
 *
 * @since 0.1
 */
@Documented
@Repeatable(Lacks.All.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Lacks {
    /** What is lacking. */
    Capability value();

    /** Why, in words that a reader of the test report understands. */
    String because();

    /**
     * Holds several declarations.
     *
     * @since 0.1
     */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All {
        /** The declarations. */
        Lacks[] value();
    }
}

/** The suite that every backend and every codec has to pass. */
module dev.tidemark.store.tck {
    requires transitive dev.tidemark.store.api;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires static org.jspecify;

    exports dev.tidemark.store.tck;

    // JUnit finds and runs what is package-private here.
    opens dev.tidemark.store.tck;
}

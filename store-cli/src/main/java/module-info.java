/** The {@code tidemark} command. */
module dev.tidemark.cli {
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires dev.tidemark.codec.json;
    requires dev.tidemark.store.api;
    requires dev.tidemark.store.sqlite;
    requires static embedded.postgres;
    requires info.picocli;
    requires static org.jspecify;
    requires org.yaml.snakeyaml;

    opens dev.tidemark.cli to
            info.picocli;
}

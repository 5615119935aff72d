/** Values as JSON, with Jackson. */
@SuppressWarnings("module") // the YAML codec, friend of the internal package, is compiled later
module dev.tidemark.codec.json {
    requires transitive dev.tidemark.store.api;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;

    exports dev.tidemark.codec.json;
    exports dev.tidemark.codec.json.internal to
            dev.tidemark.codec.yaml;
}

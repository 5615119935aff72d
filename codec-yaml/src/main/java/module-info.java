/** Values as YAML, with Jackson on SnakeYAML. */
module dev.tidemark.codec.yaml {
    requires transitive dev.tidemark.store.api;
    requires transitive com.fasterxml.jackson.databind;
    requires dev.tidemark.codec.json;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires org.yaml.snakeyaml;

    exports dev.tidemark.codec.yaml;
}

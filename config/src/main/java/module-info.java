/** Settings of programs that run Holdfast: from a file, the environment and flags. */
module dev.holdfast.config {
  requires transitive dev.holdfast.core;
  requires static transitive org.jspecify;
  requires tools.jackson.core;
  requires tools.jackson.dataformat.toml;
  requires tools.jackson.dataformat.yaml;

  exports dev.holdfast.config;
}

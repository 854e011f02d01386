/**
 * A store over JDBC: transactions, binding, row mapping, and the statements that all dialects
 * share.
 */
@SuppressWarnings("module") // the dialects are later modules of the same build
module dev.holdfast.jdbc {
  requires transitive dev.holdfast.core;
  requires transitive java.sql;
  requires static transitive org.jspecify;
  requires tools.jackson.databind;
  requires org.slf4j;

  exports dev.holdfast.jdbc;
  exports dev.holdfast.jdbc.dialect to
      dev.holdfast.sqlite,
      dev.holdfast.postgres;
  exports dev.holdfast.jdbc.host to
      dev.holdfast.sqlite,
      dev.holdfast.postgres;
  exports dev.holdfast.jdbc.series to
      dev.holdfast.sqlite,
      dev.holdfast.postgres;
  exports dev.holdfast.jdbc.sql to
      dev.holdfast.sqlite,
      dev.holdfast.postgres;
  exports dev.holdfast.jdbc.store to
      dev.holdfast.sqlite,
      dev.holdfast.postgres;
}

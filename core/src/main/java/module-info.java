/** Holdfast's model, engine and store SPI: no database, no HTTP, no command line. */
@SuppressWarnings("module") // the test kits are later modules of the same build
module dev.holdfast.core {
  requires transitive org.slf4j;
  requires static transitive org.jspecify;
  requires tools.jackson.databind;

  exports dev.holdfast;
  exports dev.holdfast.check;
  exports dev.holdfast.error;
  exports dev.holdfast.search;
  exports dev.holdfast.series;
  exports dev.holdfast.spi;
  exports dev.holdfast.spi.record;
  exports dev.holdfast.spi.series;
  exports dev.holdfast.spi.server;
  exports dev.holdfast.spi.upkeep;
  exports dev.holdfast.step;
  exports dev.holdfast.timetable;
  exports dev.holdfast.engine to
      dev.holdfast.test,
      dev.holdfast.testkit;
  exports dev.holdfast.engine.queue to
      dev.holdfast.testkit;
  exports dev.holdfast.engine.runtime to
      dev.holdfast.testkit;

  uses dev.holdfast.spi.StoreProvider;
}

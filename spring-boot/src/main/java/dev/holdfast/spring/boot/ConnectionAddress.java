package dev.holdfast.spring.boot;

/** The address that Spring Boot made the application's {@code DataSource} from. */
@FunctionalInterface
interface ConnectionAddress {
  /** The address. */
  Address address();
}

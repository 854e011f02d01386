/**
 * The auto-configuration for Spring Boot 3.5 and 4. What the two have in different packages –
 * connection details and health – stands in a class for each, and only the fitting one is loaded.
 */
@NullMarked
package dev.holdfast.spring.boot;

import org.jspecify.annotations.NullMarked;

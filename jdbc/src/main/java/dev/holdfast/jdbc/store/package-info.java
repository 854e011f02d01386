/**
 * The store over JDBC. {@code SqlJobStore} is its table of contents; each of its rooms serves one
 * subject: {@code Enqueues}, {@code Exchanges}, {@code Endings}, {@code Controls}, {@code
 * Promotions}, {@code Nodes}, {@code Notebook}, {@code Reads}, {@code Health}. Statements are
 * whole; a dialect brings those that differ.
 */
@NullMarked
package dev.holdfast.jdbc.store;

import org.jspecify.annotations.NullMarked;

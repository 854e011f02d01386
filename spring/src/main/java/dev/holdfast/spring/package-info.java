/**
 * Holdfast in applications of Spring, without Spring Boot: handlers as beans, a queue that enqueues
 * within the current transaction, and a life cycle that follows the context's.
 */
@NullMarked
package dev.holdfast.spring;

import org.jspecify.annotations.NullMarked;

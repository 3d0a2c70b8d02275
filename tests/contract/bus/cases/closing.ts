import { expect } from "vitest";
import { BusClosedError, NoRespondersError } from "../../../../controlplane/ports/bus.ts";
import { failureOf, type ContractCase } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { connectionOf, listen } from "../inbox.ts";

/** A client leaves by itself. */
export const closingCases: readonly ContractCase<BusWorld>[] = [
  {
    name: "what was published before the bus is closed still arrives",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      const inbox = await listen(await world.connect("listener"), "news");
      for (const payload of ["one", "two", "three"]) leaving.publish("news", payload);
      await leaving.close();
      expect(await inbox.until("three")).toEqual(["one", "two", "three"]);
    },
  },
  {
    name: "a closed bus publishes nothing, and does not complain",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      const other = await world.connect("other");
      const inbox = await listen(other, "news");
      await leaving.close();
      expect(() => leaving.publish("news", "too late")).not.toThrow();
      await world.broker.dropped("leaving");
      other.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["fence"]);
    },
  },
  {
    name: "a bus publishes nothing from the moment it is being closed, and does not complain",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      const other = await world.connect("other");
      await listen(leaving, "something");
      const inbox = await listen(other, "news");
      const closing = leaving.close();
      expect(() => leaving.publish("news", "too late")).not.toThrow();
      await closing;
      await world.broker.dropped("leaving");
      other.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["fence"]);
    },
  },
  {
    name: "a request under way when the bus is closed fails with BusClosedError",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      const heard = await listen(await world.connect("silent"), "question");
      const request = leaving.request("question", "heard", { timeoutMs: 5_000 });
      request.catch(() => {});
      await heard.until("heard");
      await leaving.close();
      expect(await failureOf(request)).toBeInstanceOf(BusClosedError);
    },
  },
  {
    name: "a request on a closed bus fails with BusClosedError",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      await leaving.close();
      expect(await failureOf(leaving.request("question", "", { timeoutMs: 200 }))).toBeInstanceOf(
        BusClosedError,
      );
    },
  },
  {
    name: "a flush of a closed bus fails with BusClosedError",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      await leaving.close();
      expect(await failureOf(leaving.flush())).toBeInstanceOf(BusClosedError);
    },
  },
  {
    name: "a closed bus hears nothing more, and is not counted",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      const other = await world.connect("other");
      const inbox = await listen(leaving, "news");
      await leaving.close();
      await world.broker.dropped("leaving");
      expect(await failureOf(other.request("news", "", { timeoutMs: 200 }))).toBeInstanceOf(
        NoRespondersError,
      );
      expect(inbox.payloads).toEqual([]);
    },
  },
  {
    name: "closing a bus again does nothing, while it is leaving and afterwards",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      const other = await world.connect("other");
      await listen(leaving, "something");
      const inbox = await listen(other, "news");
      leaving.publish("news", "last words");
      expect(await failureOf(Promise.all([leaving.close(), leaving.close()]))).toBe("it did not fail");
      expect(await failureOf(leaving.close())).toBe("it did not fail");
      await world.broker.dropped("leaving");
      other.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["last words", "fence"]);
    },
  },
  {
    name: "a client that leaves by itself is not told that its connection is lost",
    run: async (world) => {
      const leaving = await world.connect("leaving");
      const { told } = connectionOf(leaving);
      await leaving.close();
      await world.broker.dropped("leaving");
      expect(told).toEqual([]);
    },
  },
];

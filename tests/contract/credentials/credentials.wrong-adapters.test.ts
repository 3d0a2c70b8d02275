import type { ClusterKey } from "../../../controlplane/ports/credentials.ts";
import { testThatEachCaseCanFail, type WrongAdapter } from "../contract.ts";
import { credentialsContract } from "./credentials.contract.ts";
import type { CredentialsWorld } from "./credentials-world.ts";
import { openSimWorld } from "./worlds.ts";

type Wrong = WrongAdapter<CredentialsWorld>;

/** A broker that was given nothing. */
const letsEverybodyIn = (does: string): Wrong => ({ does, open: () => openSimWorld({ isOpen: true }) });

/** The simulated world, with clusters that are otherwise. */
function clustersThat(
  does: string,
  twist: (cluster: ClusterKey, secret: string) => Partial<ClusterKey>,
): Wrong {
  return {
    does,
    open: () => {
      const world = openSimWorld();
      const twisted = (secret: string): ClusterKey => {
        const cluster = world.credentials.openCluster(secret);
        return { ...cluster, ...twist(cluster, secret) };
      };
      return { ...world, credentials: { ...world.credentials, openCluster: twisted } };
    },
  };
}

testThatEachCaseCanFail("credentials", credentialsContract, {
  "an edge hears what is sent to it, asks, and is answered": clustersThat("permits nothing", (cluster) => ({
    admit: (user) => cluster.admit({ ...user, permissions: { publish: [], subscribe: [] } }),
  })),
  "a client that shows nothing is refused": letsEverybodyIn("asks nobody for anything"),
  "a client of another cluster is refused": letsEverybodyIn("takes the word of any cluster"),
  "somebody else's JWT is of no use without its key": letsEverybodyIn("does not ask for a proof"),
  "a JWT that was changed is refused": letsEverybodyIn("does not look at the signature"),
  "an edge cannot hear what is sent to another, nor everything": letsEverybodyIn(
    "lets edges hear everything",
  ),
  "an edge cannot listen to the answers that another gets": letsEverybodyIn("lets edges hear answers"),
  "an edge cannot give orders, and stays connected when it tries":
    letsEverybodyIn("lets edges say everything"),
  "an edge cannot speak for another": letsEverybodyIn("lets edges speak for each other"),
  "a client that is not let in any more is told so, once and for all": {
    does: "keeps a refusal to itself",
    open: () => {
      const world = openSimWorld();
      return {
        ...world,
        connect: async (name, shown) => {
          const bus = await world.connect(name, shown);
          return {
            ...bus,
            onConnection: (listener) => bus.onConnection((state) => state !== "refused" && listener(state)),
          };
        },
      };
    },
  },
  "the same secret is the same cluster, and another one another in everything": clustersThat(
    "has the same API key everywhere",
    () => ({ apiKey: "expanso_always-the-same" }),
  ),
  "what may be known tells nothing of what may not": clustersThat(
    "names the cluster by its secret",
    (_, secret) => ({
      clusterId: secret,
    }),
  ),
  "the broker's record says who was refused, and shows no key": letsEverybodyIn("refuses nobody"),
});

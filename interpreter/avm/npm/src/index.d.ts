/** Kinds of keys that the interpreter takes. */
export declare enum KeyPairFormat {
    Ed25519 = 0,
}

export type LogLevel = 'info' | 'trace' | 'debug' | 'warn' | 'error' | 'off';

/** On which peer an invocation runs, and for which particle. */
export interface RunParameters {
    /** The peer that started the particle. */
    initPeerId: string;
    /** The peer on which the invocation runs. */
    currentPeerId: string;
    /** The kind of its key. */
    keyFormat: KeyPairFormat;
    /** Its secret key, 32 bytes. */
    secretKeyBytes: Uint8Array;
    /** When the particle was made, in milliseconds since 1970. */
    timestamp: number;
    /** How long the particle lives, in milliseconds. */
    ttl: number;
    /** The particle. */
    particleId: string;
}

/** What a service answered. */
export interface CallServiceResult {
    /** 0 for success. */
    retCode: number;
    /** The value, as JSON. */
    result: string;
}

/** What the host is to ask a service. */
export interface CallRequest {
    /** The service. */
    serviceId: string;
    /** Its function. */
    functionName: string;
    /** Values of the arguments. */
    arguments: any[];
    /** Where each argument comes from: as many lists as there are arguments. */
    tetraplets: SecurityTetraplet[][];
}

export type CallRequestsArray = Array<[key: number, callRequest: CallRequest]>;
export type CallResultsArray = Array<[key: number, callServiceResult: CallServiceResult]>;

/** What an invocation gives back. */
export interface InterpreterResult {
    /** 0 for success. */
    retCode: number;
    /** The error; empty after success. */
    errorMessage: string;
    /** What the host has to keep, whatever the code. */
    data: Uint8Array;
    /** Peers to which the host sends the particle. */
    nextPeerPks: Array<string>;
    /** What to ask services. */
    callRequests: CallRequestsArray;
}

/** Where a value comes from: peer, service, function. */
export interface ResolvedTriplet {
    peer_pk: string;
    service_id: string;
    function_name: string;
}

/** The same, with the part of the function's result that it is. */
export interface SecurityTetraplet extends ResolvedTriplet {
    lens: string;
}

export type JSONValue = string | number | boolean | { [x: string]: JSONValue } | Array<JSONValue>;
export type JSONArray = Array<JSONValue>;
export type JSONObject = { [x: string]: JSONValue };

/** The arguments of `invoke`, as Marine takes them. */
export declare function serializeAvmArgs(
    runParams: RunParameters,
    air: string,
    prevData: Uint8Array,
    data: Uint8Array,
    callResults: CallResultsArray,
): JSONArray;

/** The outcome of `invoke`, read. Throws if the requests in it cannot be read. */
export declare function deserializeAvmResult(result: any): InterpreterResult;

type CallToAvm = ((args: JSONArray | JSONObject) => Promise<unknown>) | ((args: JSONArray | JSONObject) => unknown);

/** One invocation: `fn` hands the arguments to Marine, now or later. */
export declare function callAvm(
    fn: CallToAvm,
    runParams: RunParameters,
    air: string,
    prevData: Uint8Array,
    data: Uint8Array,
    callResults: CallResultsArray,
): Promise<InterpreterResult>;

interface Representation {
    fromBinary(data: Uint8Array): object;
    toBinary(obj: object): Uint8Array;
}

interface Multiformatable {
    /** The number of the codec in the table of multiformats. */
    get_code(): number;
}

/** Values as JSON. */
export declare class JsonRepr implements Representation, Multiformatable {
    fromBinary(data: Uint8Array): object;
    toBinary(obj: object): Uint8Array;
    get_code(): number;
}

/** Values as MessagePack. */
export declare class MsgPackRepr implements Representation, Multiformatable {
    fromBinary(data: Uint8Array): object;
    toBinary(obj: object): Uint8Array;
    get_code(): number;
}

/** Values in the representation that the data names; written in one of them. */
export declare class MulticodecRepr implements Representation {
    serializer: Representation & Multiformatable;
    constructor(serializer: Representation & Multiformatable);
    fromBinary(data: Uint8Array): object;
    toBinary(obj: object): Uint8Array;
}

export {};

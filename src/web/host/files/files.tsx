export default function Stub(_: any) {
  return <p>soon</p>;
}

// Asks iam-simulate, found in the folder of the first argument, for its decisions: one case a line
// on standard input, in the form of `revet iam authorize --cases`; one answer a line on output.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const found = createRequire(process.argv[2] + '/').resolve('@cloud-copilot/iam-simulate')
const { anonymousPrincipal, runSimulation } = await import(pathToFileURL(found))

const named = (policies) => policies.map((policy, index) => ({ name: `p${index}`, policy }))
const levels = (given) =>
  (given ?? []).map((policies, index) => ({ orgIdentifier: `level-${index}`, policies: named(policies) }))

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line)
  const { principal, action, resource, context } = given.request
  const simulation = {
    request: {
      principal: principal === 'anonymous' ? anonymousPrincipal : principal,
      action,
      resource: { resource, accountId: given.resource_account },
      contextVariables: context,
    },
    identityPolicies: named(given.identity_policies ?? []),
    serviceControlPolicies: levels(given.service_control_policies),
    resourceControlPolicies: levels(given.resource_control_policies),
  }
  if (given.resource_policy) simulation.resourcePolicy = given.resource_policy
  if (given.session_policies?.length) simulation.sessionPolicy = given.session_policies[0]
  if (given.permissions_boundary) {
    simulation.permissionBoundaryPolicies = named([given.permissions_boundary])
  }
  if (given.vpc_endpoint_policy) simulation.vpcEndpointPolicies = named([given.vpc_endpoint_policy])
  let answer
  try {
    const response = await runSimulation(simulation, {})
    answer =
      response.resultType === 'error'
        ? { error: JSON.stringify(response.errors) }
        : { decision: response.overallResult }
  } catch (error) {
    answer = { error: String(error) }
  }
  console.log(JSON.stringify({ name: given.name, ...answer }))
}
